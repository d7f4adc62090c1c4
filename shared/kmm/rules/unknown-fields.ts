import * as z from 'zod';
import { formatPath, type Problem } from '../finding.ts';
import { Module } from '../module.ts';
import { nearest } from './nearest.ts';
import type { RuleSet } from './rule.ts';

/**
 * Fields that the Module's schema does not have: the API server drops them without a word. Metadata and embedded core types
 * are not looked into.
 */
export const unknownFieldRules: RuleSet = {
  ids: ['unknown-field'],
  find: ({ document }) => unknownIn(document, top, []),
};

const top = Module.extend({ metadata: z.unknown(), status: z.unknown() });

function unknownIn(value: unknown, schema: unknown, path: readonly PropertyKey[]): Problem[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray) {
    return Array.isArray(value) ? value.flatMap((item, index) => unknownIn(item, inner.element, [...path, index])) : [];
  }
  if (!(inner instanceof z.ZodObject) || inner.def.catchall !== undefined || !isObject(value)) return [];
  const shape: Record<string, unknown> = inner.shape;
  return Object.entries(value).flatMap(([key, child]) =>
    Object.hasOwn(shape, key)
      ? unknownIn(child, shape[key], [...path, key])
      : [problem([...path, key], key, Object.keys(shape))],
  );
}

function problem(path: readonly PropertyKey[], key: string, fields: string[]): Problem {
  const close = nearest(key, fields);
  const message = `there is no such field, it is ignored: ${close ? `did you mean ${close}?` : `remove it, or use one of ${fields.join(', ')}`}`;
  return { path: formatPath(path), rule: 'unknown-field', severity: 'warning', message };
}

function unwrap(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? unwrap(schema.unwrap()) : schema;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

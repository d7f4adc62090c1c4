import type * as z from 'zod';
import { dropNulls } from './drop-nulls.ts';
import { type Finding, formatPath } from './finding.ts';
import { Module } from './module.ts';
import { moduleName } from './module-name.ts';

/** `document` is what was given, without nulls: rules that ask whether a field was there at all look into it. */
export type ParsedModule =
  | { kind: 'parsed'; module: Module; document: unknown }
  | { kind: 'invalid'; findings: Finding[] };

/** Reads a Module, from a file or from the API server alike. Whatever comes in, it never throws. */
export function parseModule(raw: unknown): ParsedModule {
  const cleaned = dropNulls(raw);
  if (cleaned === undefined) {
    return { kind: 'invalid', findings: [finding(raw, '', 'nested too deeply: a Module has no such depth')] };
  }
  const result = Module.safeParse(cleaned.value);
  if (result.success) return { kind: 'parsed', module: result.data, document: cleaned.value };
  const findings = result.error.issues.map((issue) => finding(raw, formatPath(issue.path), explain(issue)));
  return { kind: 'invalid', findings };
}

function finding(raw: unknown, path: string, message: string): Finding {
  const { namespace, name } = moduleName(raw);
  return { module: name, namespace, path, rule: 'schema', severity: 'error', message };
}

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type') return issue.message;
  if (issue.message.endsWith('received undefined')) return `required: give it a value of type ${issue.expected}`;
  const quote = issue.expected === 'string' && /received (boolean|number)/.test(issue.message);
  return quote ? `${issue.message}: put the value in quotes` : `${issue.message}: correct its type`;
}

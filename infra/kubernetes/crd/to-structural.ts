import * as z from 'zod';
import { toValidation } from './cel-rule.ts';
import type { Refinement, Refinements } from './refinements.ts';
import type { StructuralSchema } from './structural-schema.ts';

/** Refinements of a schema that the walk is inside of, and the way that it has gone since. */
interface Scope {
  refinements: Readonly<Record<string, Refinement>>;
  path: string;
  used: Set<string>;
}

/**
 * The structural schema of what a zod schema accepts. Defaults of zod are ours, not the stored object's, so that they are left
 * out. Throws for a refinement of a field that is not there, and for a kind of schema that has no structural form.
 */
export function toStructural(schema: z.ZodType, refinements: Refinements = new Map()): StructuralSchema {
  return walk(schema, [], refinements);
}

function walk(schema: unknown, outer: readonly Scope[], all: Refinements): StructuralSchema {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodCatch) {
    return walk(schema.unwrap(), outer, all);
  }
  const own = all.get(schema);
  const scope = own && { refinements: own, path: '', used: new Set<string>() };
  const scopes = scope ? [...outer, scope] : outer;
  const node = refine(typed(schema, scopes, all), scopes);
  const lost = scope && Object.keys(scope.refinements).find((path) => !scope.used.has(path));
  if (lost !== undefined) throw new Error(`There is no field ${lost} to refine`);
  return node;
}

function typed(schema: unknown, scopes: readonly Scope[], all: Refinements): StructuralSchema {
  if (schema instanceof z.ZodObject) return objectOf(schema, scopes, all);
  if (schema instanceof z.ZodArray) return { type: 'array', items: walk(schema.element, below(scopes, '[]'), all) };
  if (schema instanceof z.ZodRecord) {
    return { type: 'object', additionalProperties: walk(schema.valueType, below(scopes, '.*'), all) };
  }
  if (schema instanceof z.ZodEnum) return { type: 'string', enum: schema.options.map(String) };
  if (schema instanceof z.ZodString) return { type: 'string' };
  if (schema instanceof z.ZodBoolean) return { type: 'boolean' };
  // No number of a Module is a fraction.
  if (schema instanceof z.ZodNumber) return { type: 'integer', format: 'int64' };
  throw new Error(`No structural schema for a ${schema instanceof z.ZodType ? schema.def.type : typeof schema}`);
}

function objectOf(schema: z.ZodObject, scopes: readonly Scope[], all: Refinements): StructuralSchema {
  const properties = Object.entries(schema.shape).map(([key, field]) => [
    key,
    walk(field, below(scopes, `.${key}`), all),
  ]);
  return {
    type: 'object',
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(schema.def.catchall !== undefined && { 'x-kubernetes-preserve-unknown-fields': true }),
  };
}

function below(scopes: readonly Scope[], step: string): Scope[] {
  return scopes.map((scope) => ({ ...scope, path: `${scope.path}${step}`.replace(/^\./, '') }));
}

function refine(node: StructuralSchema, scopes: readonly Scope[]): StructuralSchema {
  let refined = node;
  for (const { refinements, path, used } of scopes) {
    const refinement = refinements[path];
    if (refinement === undefined) continue;
    used.add(path);
    refined = merge(refined, refinement);
  }
  return refined;
}

function merge(node: StructuralSchema, { rules = [], properties, ...rest }: Refinement): StructuralSchema {
  const validations = [...(node['x-kubernetes-validations'] ?? []), ...rules.map(toValidation)];
  return {
    ...node,
    ...rest,
    ...(properties && { properties: { ...node.properties, ...properties } }),
    ...(validations.length > 0 && { 'x-kubernetes-validations': validations }),
  };
}

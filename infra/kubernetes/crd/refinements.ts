import type { CelRule } from './cel-rule.ts';
import type { StructuralSchema } from './structural-schema.ts';

/** What a schema says beyond its types: limits (a rule costs as much as its input may be long), defaults and rules. */
export type Refinement = Omit<StructuralSchema, 'properties' | 'items' | 'x-kubernetes-validations'> & {
  /** Fields that rules look into, of an object that is otherwise kept whole. */
  properties?: Record<string, StructuralSchema>;
  rules?: readonly CelRule[];
};

/**
 * By the zod schema and the path below it: `''` is the schema's own node, `secrets[].name` one further down, `selector.*` the
 * values of a map. A schema that stands in several places (Build, Sign, PluginContainer) is refined in all of them.
 */
export type Refinements = ReadonlyMap<unknown, Readonly<Record<string, Refinement>>>;

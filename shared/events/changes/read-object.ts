import type * as z from 'zod';
import { parseWith } from '../../kmm/parse.ts';
import { type Kind, type Kinds, resources } from '../../kubernetes/resources.ts';

const schemas: { [K in Kind]: { schema: z.ZodType<Kinds[K]> } } = resources;

/** Reads the fields of an object that we know; `what` names it in the error. Throws InvalidInput. */
export function readObject<K extends Kind>(kind: K, object: unknown, what: string): Kinds[K] {
  return parseWith(schemas[kind].schema, object, what);
}

import type * as z from 'zod';
import { parseWith } from '../kmm/parse.ts';
import { type Kind, type Kinds, resources } from './resources.ts';

const schemas: { [K in Kind]: { schema: z.ZodType<Kinds[K]> } } = resources;

/** Reads the fields of an object that we know, as it came over an edge; `what` names it in the error. Throws InvalidInput. */
export function readObject<K extends Kind>(kind: K, object: unknown, what: string = kind): Kinds[K] {
  return parseWith(schemas[kind].schema, object, what);
}

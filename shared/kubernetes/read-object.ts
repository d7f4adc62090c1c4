import type * as z from 'zod';
import { parseWith } from '../kmm/parse.ts';
import { type Kind, type Kinds, resources } from './resources.ts';

const schemas: { [K in Kind]: { schema: z.ZodType<Kinds[K]> } } = resources;

/**
 * Reads the fields of an object that we know, as it came over an edge; `what` names it in the error. Throws InvalidInput.
 * Where a null is in the way the object is read without its nulls: to Kubernetes null and absent are the same, and a server
 * writes null for a time that nobody has set, as in a Node's condition that some agent has written.
 */
export function readObject<K extends Kind>(kind: K, object: unknown, what: string = kind): Kinds[K] {
  const { schema } = schemas[kind];
  const read = schema.safeParse(object);
  return read.success ? read.data : parseWith(schema, withoutNulls(object), what);
}

/** Fields only: an item of a list keeps its place. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(fields.map(([key, field]) => [key, withoutNulls(field)]));
}

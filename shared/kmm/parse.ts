import type * as z from 'zod';
import { InvalidInput } from './errors.ts';

/** Parses what came over an edge. Throws InvalidInput that names `what`, the path, and what was expected. */
export function parseWith<T>(schema: z.ZodType<T>, input: unknown, what: string): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = (issue?.path ?? []).map(String).join('.');
  throw new InvalidInput(
    `${what}: ${path === '' ? 'the document' : path}: ${issue?.message ?? 'not understood'}`,
    path,
  );
}

/** Parses JSON text; throws InvalidInput instead of SyntaxError, and never repeats the text (it may hold secrets). */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidInput(`${what}: not JSON`, '', { cause });
  }
}

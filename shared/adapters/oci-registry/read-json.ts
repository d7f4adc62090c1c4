import type * as z from 'zod';
import { InvalidInput } from '../../kmm/errors.ts';
import { parseJson, parseWith } from '../../kmm/parse.ts';
import { RegistryError } from '../../ports/errors.ts';
import { readBody } from './http/read-body.ts';
import type { HttpAnswer } from './http/send.ts';

/** Parses a JSON answer of at most 4 MiB; what does not fit is the registry's fault: RegistryError. */
export async function readJson<T>(answer: HttpAnswer, schema: z.ZodType<T>): Promise<T> {
  const text = new TextDecoder().decode(await readBody(answer, 4 * 1024 * 1024));
  const what = `the answer of ${answer.url.host}`;
  try {
    return parseWith(schema, parseJson(text, what), what);
  } catch (cause) {
    if (!(cause instanceof InvalidInput)) throw cause;
    throw new RegistryError('PROTOCOL', cause.message, { cause, detail: 'bad answer' });
  }
}

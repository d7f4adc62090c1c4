import * as z from 'zod';
import { InvalidInput } from '../../kmm/errors.ts';
import { parseWith } from '../../kmm/parse.ts';
import { readObject } from '../../kubernetes/read-object.ts';
import type { Kind, Kinds } from '../../kubernetes/resources.ts';
import { ClusterError } from '../../ports/errors.ts';
import { toClusterError } from './to-cluster-error.ts';
import type { ApiAnswer } from './transport.ts';

// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
const Status = z.object({
  reason: z.string().default(''),
  message: z.string().default(''),
  details: z.object({ name: z.string().default('') }).default({ name: '' }),
});
export type Status = z.infer<typeof Status>;

const List = z.object({
  metadata: z.object({ continue: z.string().default('') }).default({ continue: '' }),
  items: z.array(z.unknown()).nullable(),
});

/** The Status of a refusal; what is not one (a proxy's page) counts as its beginning. */
export function statusOf(answer: ApiAnswer): Status {
  const parsed = Status.safeParse(jsonOf(answer.text));
  return parsed.success ? parsed.data : { reason: '', message: answer.text.slice(0, 200), details: { name: '' } };
}

/** The refusal as an error. */
export function refusal(attempt: string, answer: ApiAnswer): ClusterError {
  const { message, reason } = statusOf(answer);
  return toClusterError(attempt, answer.status, message || reason || 'no words');
}

/** The object of a good answer. */
export function objectOf<K extends Kind>(attempt: string, kind: K, answer: ApiAnswer): Kinds[K] {
  return understood(attempt, () => readObject(kind, jsonOf(answer.text)));
}

/** One page, and the token of the next ("" for none). */
export function pageOf<K extends Kind>(
  attempt: string,
  kind: K,
  answer: ApiAnswer,
): { items: Kinds[K][]; next: string } {
  return understood(attempt, () => {
    const list = parseWith(List, jsonOf(answer.text), 'list');
    return { items: (list.items ?? []).map((item) => readObject(kind, item)), next: list.metadata.continue };
  });
}

function understood<T>(attempt: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof InvalidInput)) throw cause;
    throw new ClusterError('INVALID', `${attempt}: the answer is not what was asked for: ${cause.message}`, { cause });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

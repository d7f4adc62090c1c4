import * as z from 'zod';
import { UsageError } from '../errors.ts';
import type { CliPorts } from '../ports.ts';
import type { ProvenSample } from './prove-sample.ts';

/** What a door said to an event. */
export interface DoorSaid {
  door: string;
  status: number;
  queued: number;
  ignored: number;
  poison: string[];
  hint?: string;
}

const Answer = z
  .object({
    queued: z.number().default(0),
    ignored: z.number().default(0),
    poison: z.array(z.string()).default([]),
    message: z.string().optional(),
  })
  .catch({ queued: 0, ignored: 0, poison: [] });

const patienceMs = 15_000;
const maxAnswerBytes = 64 * 1024;

/** Posts an event. Throws UsageError when nobody answers; neither path nor secret is ever in a message. */
export async function knockAtDoor(
  { headers, body, pathSecret }: ProvenSample,
  { url, source }: { url: string; source: string },
  ports: Pick<CliPorts, 'fetch'>,
): Promise<DoorSaid> {
  const address = doorAddress(url, source, pathSecret);
  const signal = AbortSignal.timeout(patienceMs);
  try {
    const answer = await ports.fetch(address, { method: 'POST', headers, body, redirect: 'error', signal });
    return await toDoorSaid(address.host, source, answer);
  } catch (cause) {
    throw new UsageError(
      `The door at ${address.host} could not be reached within ${patienceMs / 1000} s: is the address right, do the functions run?`,
      { cause },
    );
  }
}

/** A bare address is of a server: its source is then called `main`. */
function doorAddress(text: string, source: string, pathSecret: string | undefined): URL {
  const url = URL.parse(text);
  if (url === null || !['https:', 'http:'].includes(url.protocol)) {
    throw new UsageError(`--url takes the address of a source, as https://kmm.example/events/${source}/main.`);
  }
  if (url.pathname === '/') url.pathname = `/events/${source}/main`;
  if (pathSecret !== undefined) url.pathname = `${url.pathname.replace(/\/$/, '')}/${encodeURIComponent(pathSecret)}`;
  return url;
}

async function toDoorSaid(door: string, source: string, answer: Response): Promise<DoorSaid> {
  const { message, ...said } = Answer.parse(jsonOr((await answer.text()).slice(0, maxAnswerBytes)));
  const hint = hints[answer.status]?.(source) ?? message;
  return { door, status: answer.status, ...said, ...(hint !== undefined && { hint }) };
}

const hints: Readonly<Record<number, (source: string) => string>> = {
  401: () => "the door does not know this secret or signature; is it the source's, and the right --mode?",
  404: (source) => `the door has no such source, or did not start it: the path is /events/${source}/<name>`,
};

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

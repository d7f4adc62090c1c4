import * as z from 'zod';
import { parseWith } from '../../../shared/kmm/parse.ts';
import { UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import type { CliPorts } from '../ports.ts';
import type { Wish } from './re-resolve.ts';

/** As the functions' door takes it; absent fields mean all. */
export interface ManualScope {
  namespace?: string;
  module?: string;
  kernelVersion?: string;
  architecture?: string;
  node?: string;
}

const patienceMs = 15_000;
const maxAnswerBytes = 64 * 1024;
const Refusal = z.object({ poison: z.array(z.string()).optional(), message: z.string().optional() });

/** Posts a manual call. Throws UsageError for anything but "queued"; neither path nor secret is ever in a message. */
export async function callDoor(
  door: string,
  { scope, force, rollout, sweep }: Wish,
  io: Io,
  ports: CliPorts,
): Promise<{ door: string }> {
  const url = doorUrl(door);
  const secret = io.env['KMM_DOOR_SECRET'];
  const body = JSON.stringify({
    scope,
    ...(force && { force }),
    ...(rollout && { rollout }),
    ...(sweep && { cause: 'sweep' }),
  });
  const headers = { 'content-type': 'application/json', ...(secret ? { authorization: `Bearer ${secret}` } : {}) };
  const answer = await post(
    url,
    { method: 'POST', headers, body, redirect: 'error', signal: AbortSignal.timeout(patienceMs) },
    ports,
  );
  if (answer.status !== 202) throw new UsageError(await refusalOf(url.host, answer));
  return { door: url.host };
}

function doorUrl(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && ['https:', 'http:'].includes(url.protocol) && url.pathname !== '/') return url;
  throw new UsageError('--door takes the whole address of a manual source, as https://kmm.example/events/manual/ops.');
}

async function post(url: URL, init: RequestInit, ports: CliPorts): Promise<Response> {
  try {
    return await ports.fetch(url, init);
  } catch (cause) {
    throw new UsageError(
      `The door at ${url.host} could not be reached within ${patienceMs / 1000} s: is the address right, do the functions run?`,
      { cause },
    );
  }
}

async function refusalOf(host: string, answer: Response): Promise<string> {
  switch (answer.status) {
    case 401:
      return `The door at ${host} does not know us: put its secret into the variable KMM_DOOR_SECRET.`;
    case 404:
      return `The door at ${host} has no such source: the path is /events/manual/<name>, with the name of a "manual" source of its configuration.`;
    default:
      return `The door at ${host} answered ${answer.status}${await detailOf(answer)}`;
  }
}

async function detailOf(answer: Response): Promise<string> {
  const text = (await answer.text()).slice(0, maxAnswerBytes);
  try {
    const { poison = [], message } = parseWith(Refusal, JSON.parse(text), 'answer');
    return `: ${[...poison, message].filter(Boolean).join('; ')}.`;
  } catch {
    return '.';
  }
}

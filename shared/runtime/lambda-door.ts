import { Buffer } from 'node:buffer';
import * as z from 'zod';
import { parseWith } from '../kmm/parse.ts';
import type { Logger } from '../ports/logger.ts';
import { type Door, type DoorAnswer, maxBodyBytes, noBody } from './door.ts';
import { matchPath } from './match-path.ts';
import { once } from './once.ts';

/** Payload format 2.0. https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads */
const FunctionUrlEvent = z.object({
  rawPath: z.string(),
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});
type FunctionUrlEvent = z.infer<typeof FunctionUrlEvent>;

export interface FunctionUrlAnswer {
  statusCode: number;
  headers?: Record<string, string>;
  body?: string;
}

/**
 * A door behind a Function URL, as `httpApp` is behind a socket. Without a web framework: on Lambda there is no HTTP to
 * speak, and the Request and Response of one would load a whole HTTP client at a cold start. A signature is checked on the
 * bytes that were sent: binary bodies come as base64. One parameter: Node 24's runtime refuses handlers with a callback.
 */
export function lambdaDoor(
  create: () => { door: Door; logger: Logger },
): (event: unknown) => Promise<FunctionUrlAnswer> {
  const open = once(create);
  return async (event) => {
    const { door, logger } = open();
    const request = parseWith(FunctionUrlEvent, event, 'Function URL event');
    try {
      return await serve(request, door);
    } catch (error) {
      // Never the path: a secret may stand in it.
      logger.error('Request failed', { error });
      return { statusCode: 500 };
    }
  };
}

async function serve(request: FunctionUrlEvent, door: Door): Promise<FunctionUrlAnswer> {
  const { rawPath, isBase64Encoded } = request;
  const { method } = request.requestContext.http;
  const parts = door.paths.map((path) => matchPath(path, rawPath)).find((match) => match !== undefined);
  if (parts === undefined || !door.knows(parts)) return { statusCode: 404 };
  const named = Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]);
  const headers = Object.fromEntries(named);
  if (method === 'OPTIONS')
    return respond((await door.shakeHands?.({ parts, headers, body: noBody })) ?? { status: 404 });
  if (method !== 'POST') return { statusCode: 404 };
  const body = Buffer.from(request.body, isBase64Encoded ? 'base64' : 'utf8');
  if (body.length > maxBodyBytes) return { statusCode: 413 };
  return respond(await door.receive({ parts, headers, body }));
}

function respond({ status, headers, body }: DoorAnswer): FunctionUrlAnswer {
  if (body === undefined) return { statusCode: status, ...(headers && { headers }) };
  return {
    statusCode: status,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

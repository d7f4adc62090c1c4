import type { IncomingMessage } from 'node:http';
import { parse } from 'yaml';
import type { Json } from '../../../../shared/kubernetes/merge-patch.ts';
import { ApiError } from '../store/api-error.ts';
import { toJson } from '../store/object.ts';

/** As a real API server has it. */
const mostBytes = 3 * 2 ** 20;
/** What is read and dropped of a body that is too large, so that the answer arrives and the connection lives on. */
const mostDroppedBytes = 64 * 2 ** 20;

/** The body as JSON (`application/apply-patch+yaml` may be YAML); undefined when there is none. */
export async function readBody(request: IncomingMessage): Promise<Json | undefined> {
  const text = await readText(request);
  const type = contentType(request);
  if (type.endsWith('protobuf')) {
    throw new ApiError('UnsupportedMediaType', 'protobuf is not served here: send JSON (kubectl apply -f does)');
  }
  if (text.trim() === '') return undefined;
  try {
    return type.endsWith('yaml') && !text.startsWith('{') ? toJson(parse(text)) : JSON.parse(text);
  } catch (error) {
    throw new ApiError('BadRequest', `the body can't be read: ${error instanceof Error ? error.message : error}`);
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= mostBytes) chunks.push(chunk);
    if (size > mostDroppedBytes) break;
  }
  if (size > mostBytes) throw new ApiError('RequestEntityTooLarge', `the body is larger than ${mostBytes} bytes`);
  return Buffer.concat(chunks).toString('utf8');
}

export function contentType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? '';
}

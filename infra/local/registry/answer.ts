import type { Readable } from 'node:stream';

/** What goes back: handlers return it and never see Node's response. A HEAD is answered like its GET, without the body. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body?: Uint8Array | Readable;
}

export function answer(status: number, headers: Record<string, string> = {}, body?: Uint8Array | Readable): Answer {
  return body === undefined ? { status, headers } : { status, headers, body };
}

export function jsonAnswer(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  const body = Buffer.from(JSON.stringify(value));
  return answer(
    status,
    { 'Content-Type': 'application/json', 'Content-Length': String(body.length), ...headers },
    body,
  );
}

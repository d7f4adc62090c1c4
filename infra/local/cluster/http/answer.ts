import type { ServerResponse } from 'node:http';
import { ApiError } from '../store/api-error.ts';

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

/** A refusal as the Status object that clients expect; anything unexpected is a 500 with its message. */
export function answerError(response: ServerResponse, error: unknown): void {
  const known = error instanceof ApiError ? error : new ApiError('InternalError', String(error));
  if (response.headersSent) response.destroy();
  else answerJson(response, known.status, failure(known));
}

export function failure(error: ApiError): object {
  const { code: reason, message, details, status: code } = error;
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code };
}

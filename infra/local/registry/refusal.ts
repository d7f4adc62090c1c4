import { type Answer, jsonAnswer } from './answer.ts';

/**
 * The error codes and their HTTP status, as CNCF Distribution gives them.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
 */
const statuses = {
  BLOB_UNKNOWN: 404,
  BLOB_UPLOAD_INVALID: 400,
  BLOB_UPLOAD_UNKNOWN: 404,
  DIGEST_INVALID: 400,
  MANIFEST_BLOB_UNKNOWN: 400,
  MANIFEST_INVALID: 400,
  MANIFEST_UNKNOWN: 404,
  NAME_INVALID: 400,
  NAME_UNKNOWN: 404,
  NOT_FOUND: 404,
  PAGINATION_NUMBER_INVALID: 400,
  RANGE_INVALID: 416,
  SIZE_INVALID: 413,
  TAG_INVALID: 400,
  TOOMANYREQUESTS: 429,
  UNAUTHORIZED: 401,
  UNAVAILABLE: 503,
  UNKNOWN: 500,
  UNSUPPORTED: 405,
};

export type RefusalCode = keyof typeof statuses;

/** An answer that says no, in the body that the specification asks for. */
export function refuse(code: RefusalCode, message: string, headers: Record<string, string> = {}): Answer {
  return jsonAnswer(statuses[code], { errors: [{ code, message, detail: {} }] }, headers);
}

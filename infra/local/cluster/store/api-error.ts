import { KmmError } from '../../../../shared/kmm/errors.ts';
import { type Kind, type ObjectKey, resources } from '../../../../shared/kubernetes/resources.ts';

const codes = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  AlreadyExists: 409,
  Conflict: 409,
  Expired: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  InternalError: 500,
} as const;

export type Reason = keyof typeof codes;

/** What the API refuses, with the fields of a Status object. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
export class ApiError extends KmmError {
  override readonly name = 'ApiError';
  readonly code: Reason;
  readonly details: { kind?: string; name?: string };

  constructor(code: Reason, message: string, details: { kind?: string; name?: string } = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return codes[this.code];
  }
}

/** An error about one object, worded as the real API server does. */
export function objectError(code: Reason, kind: Kind, key: ObjectKey, words: string): ApiError {
  const { plural } = resources[kind];
  return new ApiError(code, `${plural} "${key.name}" ${words}`, { kind: plural, name: key.name });
}

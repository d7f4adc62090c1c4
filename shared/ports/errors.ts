import { KmmError } from '../kmm/errors.ts';

/** `CONFLICT`: gather and plan again. `INVALID`, `FORBIDDEN`: a bug or a missing right. `UNAVAILABLE`: the item fails and comes again. */
export type ClusterErrorCode = 'CONFLICT' | 'INVALID' | 'FORBIDDEN' | 'UNAUTHORIZED' | 'GONE' | 'UNAVAILABLE';

/** The API server refused, or could not be asked. `status` is the HTTP status, when there was one. */
export class ClusterError extends KmmError {
  override readonly name = 'ClusterError';
  readonly code: ClusterErrorCode;
  readonly status: number | undefined;

  constructor(code: ClusterErrorCode, message: string, options?: ErrorOptions & { status?: number }) {
    super(message, options);
    this.code = code;
    this.status = options?.status;
  }
}

/** Somebody else wrote meanwhile: gather and plan again. */
export function isConflict(error: unknown): boolean {
  return error instanceof ClusterError && error.code === 'CONFLICT';
}

/** Why a registry gave no answer that one can decide on. "Not there" is never among them. */
export type RegistryErrorCode =
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'RATE_LIMITED'
  | 'UNAVAILABLE'
  | 'TLS'
  | 'DNS'
  | 'TIMEOUT'
  | 'REFUSED_ADDRESS'
  | 'PROTOCOL';

/**
 * The registry could not be asked. `detail` is safe to show (HTTP status, OCI error code, TLS code: never a body).
 * `retryAfterSeconds` when it said so; `authenticated`: a credential was sent and accepted as such (for `DeniedOrMissing`).
 */
export class RegistryError extends KmmError {
  override readonly name = 'RegistryError';
  readonly code: RegistryErrorCode;
  readonly detail: string;
  readonly retryAfterSeconds: number | undefined;
  readonly authenticated: boolean;

  constructor(
    code: RegistryErrorCode,
    message: string,
    options: ErrorOptions & { detail?: string; retryAfterSeconds?: number | undefined; authenticated?: boolean } = {},
  ) {
    super(message, options);
    this.code = code;
    this.detail = options.detail ?? code;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.authenticated = options.authenticated ?? false;
  }
}

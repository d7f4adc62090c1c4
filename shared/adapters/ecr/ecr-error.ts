import { RegistryError, type RegistryErrorCode } from '../../ports/errors.ts';

/**
 * A fault of an ECR call in the port's classes. By `name`: AccessDeniedException and others are no classes of the SDK. Its
 * message is kept as the cause only: it may name roles and accounts.
 */
export function toEcrError(error: unknown, doing: string): RegistryError {
  if (error instanceof RegistryError) return error;
  const name = error instanceof Error ? faultName(error) : 'UnknownError';
  const code =
    classes.find(([pattern]) => pattern.test(name))?.[1] ?? (statusOf(error) >= 500 ? 'UNAVAILABLE' : 'PROTOCOL');
  const hint = code === 'FORBIDDEN' ? ": check the function's role and the repository's policy" : '';
  return new RegistryError(code, `${doing}: ${name}${hint}`, {
    cause: error,
    detail: name,
    authenticated: code === 'FORBIDDEN',
  });
}

const classes: readonly [RegExp, RegistryErrorCode][] = [
  [/^(AccessDenied|KmsException|UnauthorizedOperation)/, 'FORBIDDEN'],
  [/^(Throttling|TooManyRequests|RequestLimitExceeded|LimitExceeded|SlowDown)/, 'RATE_LIMITED'],
  [
    /^(UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|ExpiredToken|IncompleteSignature|InvalidClientTokenId)/,
    'UNAUTHORIZED',
  ],
  [
    /^(CredentialsProviderError|TokenProviderError|MissingAuthenticationToken|OptInRequired|NotAuthorized)/,
    'UNAUTHORIZED',
  ],
  [/^(TimeoutError|ETIMEDOUT|RequestTimeout)/, 'TIMEOUT'],
  [/^(ENOTFOUND|EAI_)/, 'DNS'],
  [/^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL)/, 'TLS'],
  [/^(ECONN|EPIPE|EHOST|ENET|ServerException|ServiceUnavailable|InternalFailure|InternalError)/, 'UNAVAILABLE'],
];

/** The code of a system error, else the name of an AWS error; cut to what can be shown. */
function faultName(error: Error & { code?: unknown }): string {
  const name = typeof error.code === 'string' && /^[A-Z0-9_]+$/.test(error.code) ? error.code : error.name;
  return /^[A-Za-z0-9_]{1,60}$/.test(name) ? name : 'UnknownError';
}

function statusOf(error: unknown): number {
  const metadata = error instanceof Error && '$metadata' in error ? error.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata ? metadata.httpStatusCode : 0;
  return typeof status === 'number' ? status : 0;
}

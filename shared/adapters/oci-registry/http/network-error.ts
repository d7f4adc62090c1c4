import { RegistryError, type RegistryErrorCode } from '../../../ports/errors.ts';

const advice: Partial<Record<RegistryErrorCode, string>> = {
  DNS: 'check the name of the registry and the resolver',
  TLS: "check the registry's certificate, or configure its CA",
  TIMEOUT: 'check that the registry is up and that the network lets us through',
  UNAVAILABLE: 'check that the registry is up',
};

/** What kept us from an answer, in the port's classes. Errors that are RegistryErrors already pass. */
export function toRegistryError(error: unknown, doing: string): RegistryError {
  if (error instanceof RegistryError) return error;
  const systemCode = codeOf(error);
  const code = classOf(systemCode);
  const hint = advice[code];
  return new RegistryError(code, `${doing}: ${systemCode}${hint === undefined ? '' : `: ${hint}`}`, {
    cause: error,
    detail: systemCode,
  });
}

/** A lost connection: worth another attempt where that is harmless. */
export function isConnectionLost(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE', 'EAI_AGAIN'].includes(codeOf(error));
}

/**
 * The kept connection had been closed meanwhile (a function thaws after hours): nobody has seen the request, so that even
 * one that must not be repeated may be sent again.
 */
export function isStaleConnection(error: unknown): boolean {
  const cause = error instanceof RegistryError ? error.cause : undefined;
  return cause instanceof Error && 'reusedSocket' in cause && cause.reusedSocket === true && isConnectionLost(cause);
}

/** The other side of a TLS handshake does not speak TLS. */
export function isPlaintextAnswer(error: unknown): boolean {
  return /^(EPROTO|ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|INVALID_\w+))$/.test(
    codeOf(error),
  );
}

/** The code of a system error; of the first one where several addresses were tried; of the cause of one of ours. */
function codeOf(error: unknown): string {
  if (error instanceof RegistryError) return codeOf(error.cause);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code)) return code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : 'UNKNOWN';
}

function classOf(code: string): RegistryErrorCode {
  return classes.find(([pattern]) => pattern.test(code))?.[1] ?? 'UNAVAILABLE';
}

const classes: readonly [RegExp, RegistryErrorCode][] = [
  [/^(ENOTFOUND|EAI_|EDNS|ENODATA|ESERVFAIL)/, 'DNS'],
  [/^(ETIMEDOUT|ESOCKETTIMEDOUT|UND_ERR_\w*TIMEOUT)$/, 'TIMEOUT'],
  [
    /^(CERT_|CRL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH)/,
    'TLS',
  ],
  [/^(HPE_|ERR_HTTP|ERR_INVALID_)/, 'PROTOCOL'],
];

const hidden = '[redacted]';

/** Names under which a secret stands. `secretName`, `imageRepoSecret` and the like name an object, and stay. */
const secretKey =
  /^(?:.*[-_.])?(?:password|passwd|secret|token|authorization|cookie|credentials?|api-?key|private-?key|data_base64)$/i;
const secretCamelKey = /(?:Password|Token|Credentials?|PrivateKey|ApiKey|SecretKey)$/;

const deepest = 8;
const longestText = 4096;
const longestList = 100;

/**
 * A copy that may be logged: secrets gone by the name of their key and by their value, errors as name, code and message with
 * their causes, everything bounded in depth and size.
 */
export function redact(value: unknown, secrets: readonly string[], depth = 0): unknown {
  if (typeof value === 'string') return hideValues(value, secrets);
  if (typeof value === 'object' && value !== null)
    return depth < deepest ? redactObject(value, secrets, depth) : '[deep]';
  return typeof value === 'bigint' || typeof value === 'function' ? `[${typeof value}]` : value;
}

function redactObject(value: object, secrets: readonly string[], depth: number): unknown {
  const inner = (item: unknown) => redact(item, secrets, depth + 1);
  if (value instanceof Error) return inner(errorFields(value));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value) || value instanceof Set) return [...value].slice(0, longestList).map(inner);
  const entries = Object.entries(value instanceof Map ? Object.fromEntries(value) : value).slice(0, longestList);
  return Object.fromEntries(
    entries.map(([key, item]) => [hideValues(key, secrets), isSecretKey(key) ? hidden : inner(item)]),
  );
}

function isSecretKey(key: string): boolean {
  return secretKey.test(key) || secretCamelKey.test(key);
}

/** Values go before the text is cut: half a secret at its end would not be found any more. */
function hideValues(text: string, secrets: readonly string[]): string {
  const clean = secrets.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, hidden)), text);
  return clean.length > longestText ? `${clean.slice(0, longestText)}…` : clean;
}

/** No stack for our own errors, whose message says it all; bugs keep theirs. */
function errorFields(error: Error): Record<string, unknown> {
  const code = 'code' in error ? error.code : undefined;
  return {
    name: error.name,
    ...(code !== undefined && { code }),
    message: error.message,
    ...(code === undefined && { stack: error.stack }),
    ...(error.cause !== undefined && { cause: error.cause }),
  };
}

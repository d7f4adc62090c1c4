import { createHash, createHmac } from 'node:crypto';

export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  /** Of a role's credentials, which a function always has. */
  sessionToken?: string;
}

export interface UnsignedRequest {
  method: string;
  url: URL;
  /** Names in lower case. `host` and `x-amz-date` are added. */
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array;
}

export interface SigningScope {
  region: string;
  service: string;
  credentials: AwsCredentials;
  now: Date;
}

/**
 * The headers of a request with AWS's signature, version 4. For every service but S3 (whose paths are encoded once only).
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signRequest(request: UnsignedRequest, scope: SigningScope): Record<string, string> {
  const { sessionToken } = scope.credentials;
  const time = scope.now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const headers = {
    ...request.headers,
    host: request.url.host,
    'x-amz-date': time,
    ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
  };
  const names = Object.keys(headers).sort();
  const credentialScope = `${time.slice(0, 8)}/${scope.region}/${scope.service}/aws4_request`;
  const canonical = canonicalRequest(request, headers, names);
  const toSign = ['AWS4-HMAC-SHA256', time, credentialScope, sha256(canonical)].join('\n');
  const signature = createHmac('sha256', signingKey(scope, time.slice(0, 8)))
    .update(toSign)
    .digest('hex');
  const credential = `${scope.credentials.accessKeyId}/${credentialScope}`;
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}

function canonicalRequest(
  { method, url, body }: UnsignedRequest,
  headers: Record<string, string>,
  names: string[],
): string {
  const lines = names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`);
  return [method, canonicalPath(url), canonicalQuery(url), lines.join(''), names.join(';'), sha256(body)].join('\n');
}

/** Each segment is encoded once more, over the encoding that the URL has already. */
function canonicalPath(url: URL): string {
  return url.pathname.split('/').map(encode).join('/');
}

function canonicalQuery(url: URL): string {
  const pairs = [...url.searchParams].map(([key, value]) => [encode(key), encode(value)] as const);
  return pairs
    .sort(([keyA, valueA], [keyB, valueB]) => compare(keyA, keyB) || compare(valueA, valueB))
    .map((pair) => pair.join('='))
    .join('&');
}

/** By code point, as AWS sorts; never by locale. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function signingKey({ credentials, region, service }: SigningScope, day: string): Buffer {
  const start = Buffer.from(`AWS4${credentials.secretAccessKey}`);
  return [day, region, service, 'aws4_request'].reduce(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    start,
  );
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

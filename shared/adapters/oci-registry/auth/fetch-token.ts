import { Buffer } from 'node:buffer';
import * as z from 'zod';
import type { Credential } from '../../../oci/credentials.ts';
import { RegistryError } from '../../../ports/errors.ts';
import { answerError } from '../http/answer-error.ts';
import type { Exchange } from '../http/exchange.ts';
import { readBody } from '../http/read-body.ts';
import type { HttpRequest } from '../http/send.ts';

export interface TokenRequest {
  realm: URL;
  service: string | undefined;
  scopes: readonly string[];
  credential: Credential;
  tls: HttpRequest['tls'];
}

export interface Token {
  value: string;
  expiresAt: number;
}

/** https://distribution.github.io/distribution/spec/auth/token/#token-response-fields */
const TokenDocument = z
  .object({
    token: z.string().optional(),
    access_token: z.string().optional(),
    expires_in: z.number().positive().nullish(),
  })
  .transform(({ token, access_token, expires_in }) => ({
    value: token || access_token || '',
    seconds: expires_in ?? 60,
  }))
  .refine(({ value }) => /^[\x21-\x7e]{1,32768}$/.test(value), 'holds no token that fits into a header');

/**
 * Gets a bearer token: anonymously, with Basic, or by an identity token (OAuth 2 refresh). A tenth of its life is given up,
 * so that a token never expires on its way. Throws RegistryError.
 */
export async function fetchToken(exchange: Exchange, request: TokenRequest, now: () => Date): Promise<Token> {
  const doing = `token from ${request.realm.host}`;
  const answer = await exchange(tokenRequest(request), { repeatable: true });
  if (answer.status !== 200) throw await answerError(doing, answer, { now: now() });
  const { value, seconds } = parseToken(await readBody(answer, 262_144), doing);
  return { value, expiresAt: now().getTime() + Math.min(seconds, 86_400) * 900 };
}

function parseToken(bytes: Uint8Array, doing: string): z.infer<typeof TokenDocument> {
  try {
    return TokenDocument.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    // Neither the body nor the parser's words about it: it may hold half a token.
    throw new RegistryError('PROTOCOL', `${doing}: the answer holds no usable token`, { detail: 'no token' });
  }
}

function tokenRequest({ realm, service, scopes, credential, tls }: TokenRequest): HttpRequest {
  if (credential.kind === 'identity-token') {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'kmm-functions',
      refresh_token: credential.token,
    });
    if (service !== undefined) form.set('service', service);
    form.set('scope', scopes.join(' '));
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' };
    return { method: 'POST', url: realm, headers, body: Buffer.from(form.toString()), tls };
  }
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  const authorization = credential.kind === 'basic' ? { Authorization: basicHeader(credential) } : {};
  return { method: 'GET', url, headers: { Accept: 'application/json', ...authorization }, tls };
}

export function basicHeader({ username, password }: Credential & { kind: 'basic' }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

import { parseAuthChallenges } from '../../../oci/auth-challenge.ts';
import type { Credential } from '../../../oci/credentials.ts';
import type { Repository } from '../../../ports/registry.ts';
import { type ApiAnswer, type ApiRequest, scopesOf } from '../api-request.ts';
import type { Exchange } from '../http/exchange.ts';
import { discard } from '../http/read-body.ts';
import type { HttpAnswer } from '../http/send.ts';
import type { Ping } from '../ping.ts';
import type { Asking, Authorization, Authorizer } from './authorizer.ts';

/** The answer, and whether it came from the registry itself or from where it sent us. */
export type OriginAnswer = ApiAnswer & { isHome: boolean };

export type CallAs = (
  base: URL,
  repository: Repository,
  request: ApiRequest,
  credential: Credential,
) => Promise<OriginAnswer>;

/**
 * A request with one credential: sent with what is known, and once more after a challenge or when a cached token is refused
 * (401; ECR says 403). Warm, it is one request. Rejects when the token service denies.
 */
export function createCallAs(exchange: Exchange, authorizer: Authorizer, ping: Ping): CallAs {
  async function renew(
    asking: Asking,
    answer: HttpAnswer,
    sent: Authorization | undefined,
  ): Promise<Authorization | undefined> {
    if (answer.status === 401 || (answer.status === 403 && sent?.cached)) {
      if (sent?.cached) authorizer.forget(asking);
      return authorizer.answer(asking, parseAuthChallenges(answer.headers['www-authenticate']));
    }
    // Some registries tell strangers "not found" or "forbidden" without asking who they are.
    const isStranger = sent === undefined && asking.credential.kind !== 'anonymous';
    if (!isStranger || ![403, 404].includes(answer.status)) return undefined;
    return authorizer.answer(asking, (await ping(asking.origin, asking.tls)).challenges);
  }

  return async (base, repository, request, credential) => {
    const { method, path, headers, body, repeatable = true } = request;
    const asking = { origin: base, scopes: scopesOf(repository, request), credential, tls: repository.tls };
    const url = typeof path === 'string' ? new URL(`${repository.repository}/${path}`, base) : path;
    const send = (authorization: Authorization | undefined) => {
      const authorized = authorization === undefined ? headers : { ...headers, Authorization: authorization.header };
      return exchange({ method, url, headers: { ...authorized }, body, tls: repository.tls }, { repeatable });
    };

    // An upload's or a page's address on another host is a permission of its own: credentials stay at home.
    if (url.origin !== base.origin) return { ...(await send(undefined)), authenticated: false, isHome: false };
    const known = await authorizer.known(asking);
    const first = await send(known);
    const fresh = first.url.origin === base.origin ? await renew(asking, first, known) : undefined;
    if (fresh === undefined || fresh.header === known?.header) return toAnswer(base, asking, known, first);
    await discard(first);
    return toAnswer(base, asking, fresh, await send(fresh));
  };
}

function toAnswer(
  base: URL,
  { credential }: Asking,
  sent: Authorization | undefined,
  answer: HttpAnswer,
): OriginAnswer {
  const isHome = answer.url.origin === base.origin;
  // A token service that gave a token took the credential; with Basic only the registry's answer tells.
  const accepted = sent !== undefined && isHome && (sent.scheme === 'bearer' || answer.status !== 401);
  return { ...answer, isHome, authenticated: accepted && credential.kind !== 'anonymous' };
}

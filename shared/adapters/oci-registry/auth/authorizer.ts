import type { AuthChallenge } from '../../../oci/auth-challenge.ts';
import { createBoundedMap } from '../../../oci/bounded-map.ts';
import type { Credential } from '../../../oci/credentials.ts';
import { createTokenCache } from '../../../oci/token-cache.ts';
import type { EcrTokens } from '../../../ports/ecr-tokens.ts';
import { RegistryError } from '../../../ports/errors.ts';
import type { Exchange } from '../http/exchange.ts';
import { resolveUrl } from '../http/follow.ts';
import type { HttpRequest } from '../http/send.ts';
import { basicHeader, fetchToken, type Token } from './fetch-token.ts';

/** Who asks whom for what. `scopes` in the token protocol's form: `repository:team/app:pull`. */
export interface Asking {
  origin: URL;
  scopes: readonly string[];
  credential: Credential;
  tls: HttpRequest['tls'];
}

export interface Authorization {
  header: string;
  scheme: 'basic' | 'bearer';
  /** It was not made for this very request: refused, it is worth one more try with a new one. */
  cached: boolean;
}

export interface Authorizer {
  /** What to send without waiting for a challenge, from what this asking learned before. */
  known(asking: Asking): Promise<Authorization | undefined>;
  /** The answer to challenges (none: to those of last time). `undefined`: this credential can't answer any of them. */
  answer(asking: Asking, challenges: readonly AuthChallenge[]): Promise<Authorization | undefined>;
  /** Drops the token that was refused. */
  forget(asking: Asking): void;
}

/** Challenges and tokens are remembered per scope and credential: nobody profits from another's rights. */
export function createAuthorizer(exchange: Exchange, now: () => Date, ecrTokens: EcrTokens | undefined): Authorizer {
  const challenges = createBoundedMap<AuthChallenge>(1000);
  const tokens = createTokenCache<Token>(1000, now);

  async function authorize(asking: Asking, challenge: AuthChallenge): Promise<Authorization> {
    if (challenge.scheme === 'basic') return basic(asking);
    const { token, cached } = await tokens.get(tokenKey(asking, challenge), async () => {
      const { credential } = await resolveEcr(asking);
      return fetchToken(exchange, { ...tokenTarget(asking, challenge), credential, tls: asking.tls }, now);
    });
    return { header: `Bearer ${token.value}`, scheme: 'bearer', cached };
  }

  async function basic(asking: Asking): Promise<Authorization> {
    const { credential, cached } = await resolveEcr(asking);
    if (credential.kind !== 'basic') throw new TypeError('Basic was chosen for a credential without a password');
    return { header: basicHeader(credential), scheme: 'basic', cached };
  }

  /** AWS's own credentials, where they are asked for, become a password; the others are what they are. */
  async function resolveEcr({ credential, origin }: Asking): Promise<{ credential: Credential; cached: boolean }> {
    if (credential.kind !== 'ecr') return { credential, cached: false };
    if (ecrTokens !== undefined && origin.protocol === 'https:') return ecrTokens.get(credential, origin.hostname);
    throw new RegistryError('FORBIDDEN', `${origin.host}: ECR credentials are not configured here, or it is not https`);
  }

  return {
    async known(asking) {
      const challenge = challenges.get(askingKey(asking));
      return challenge === undefined ? undefined : authorize(asking, challenge);
    },
    async answer(asking, offered) {
      const key = askingKey(asking);
      const challenge = chooseChallenge(asking, offered) ?? challenges.get(key);
      if (challenge === undefined) return undefined;
      challenges.set(key, challenge);
      return authorize(asking, challenge);
    },
    forget(asking) {
      const challenge = challenges.get(askingKey(asking));
      if (challenge !== undefined) tokens.delete(tokenKey(asking, challenge));
      if (asking.credential.kind === 'ecr') ecrTokens?.forget(asking.credential);
    },
  };
}

/** Bearer before Basic, as Docker; Basic only for who has a password; other schemes are not ours. */
function chooseChallenge({ credential }: Asking, offered: readonly AuthChallenge[]): AuthChallenge | undefined {
  const bearer = offered.find(({ scheme, params }) => scheme === 'bearer' && params['realm'] !== undefined);
  const hasPassword = credential.kind === 'basic' || credential.kind === 'ecr';
  return bearer ?? (hasPassword ? offered.find(({ scheme }) => scheme === 'basic') : undefined);
}

function tokenTarget({ origin, scopes }: Asking, { params }: AuthChallenge) {
  const challenged = params['scope']?.split(' ').filter((scope) => scope !== '') ?? [];
  // A mount needs a second repository, which no challenge names: ours go with the challenge's.
  const wanted = challenged.length === 0 || scopes.length > 1 ? [...challenged, ...scopes] : challenged;
  return { realm: resolveUrl(params['realm'] ?? '', origin), service: params['service'], scopes: [...new Set(wanted)] };
}

function askingKey({ origin, scopes, credential }: Asking): string {
  return JSON.stringify([origin.origin, scopes, credential.key]);
}

function tokenKey(asking: Asking, challenge: AuthChallenge): string {
  const { realm, service, scopes } = tokenTarget(asking, challenge);
  return JSON.stringify([realm, service, scopes, asking.credential.key]);
}

import { type AuthChallenge, parseAuthChallenges } from '../../oci/auth-challenge.ts';
import type { Exchange } from './http/exchange.ts';
import { discard } from './http/read-body.ts';
import type { HttpRequest } from './http/send.ts';

export interface PingResult {
  /** 200, or 401 with a challenge: the endpoint by which the specification lets a registry be told from a web server. */
  isRegistry: boolean;
  challenges: AuthChallenge[];
}

export type Ping = (base: URL, tls: HttpRequest['tls']) => Promise<PingResult>;

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#determining-support */
export function createPing(exchange: Exchange): Ping {
  return async (base, tls) => {
    const answer = await exchange({ method: 'GET', url: base, headers: {}, tls }, { repeatable: true });
    await discard(answer);
    const challenges = answer.status === 401 ? parseAuthChallenges(answer.headers['www-authenticate']) : [];
    const isPage = answer.headers['content-type']?.includes('html') ?? false;
    return { isRegistry: challenges.length > 0 || (answer.status === 200 && !isPage), challenges };
  };
}

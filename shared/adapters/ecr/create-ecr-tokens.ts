import { Buffer } from 'node:buffer';
import type { Credential } from '../../oci/credentials.ts';
import { basicCredential } from '../../oci/docker-config.ts';
import { parseEcrHost } from '../../oci/ecr-host.ts';
import { createTokenCache } from '../../oci/token-cache.ts';
import type { EcrTokens } from '../../ports/ecr-tokens.ts';
import { RegistryError } from '../../ports/errors.ts';
import { createEcrClients, type EcrOptions } from './ecr-clients.ts';
import { toEcrError } from './ecr-error.ts';

interface EcrToken {
  credential: Credential & { kind: 'basic' };
  expiresAt: number;
}

/** A token lives for 12 hours; an upload that begins now must not see its end. */
const spareMilliseconds = 10 * 60_000;

/**
 * Passwords for ECR's own API, by GetAuthorizationToken, one per region: a token is our role's and opens whatever its
 * policy says, so it is given to no host but that account's registry.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html
 */
export function createEcrTokens(options: EcrOptions = {}): EcrTokens {
  const findClient = createEcrClients(options);
  const tokens = createTokenCache<EcrToken>(64, options.now ?? (() => new Date()));

  async function fetchToken(region: string): Promise<EcrToken> {
    const doing = `GetAuthorizationToken in ${region}`;
    try {
      const { sdk, client } = await findClient(region);
      const { authorizationData } = await client.send(new sdk.GetAuthorizationTokenCommand({}));
      const { authorizationToken, expiresAt } = authorizationData?.[0] ?? {};
      const [username, password] = Buffer.from(authorizationToken ?? '', 'base64')
        .toString('utf8')
        .split(/:(.*)/s);
      if (!username || !password) throw new RegistryError('PROTOCOL', `${doing}: the answer holds no token`);
      return {
        credential: basicCredential(username, password),
        expiresAt: (expiresAt?.getTime() ?? 0) - spareMilliseconds,
      };
    } catch (error) {
      throw toEcrError(error, doing);
    }
  }

  return {
    async get({ account, region }, host) {
      const owner = parseEcrHost(host);
      if (owner?.account !== account || owner.region !== region) {
        throw new RegistryError(
          'FORBIDDEN',
          `${host} is not the registry of account ${account} in ${region}: it gets no token`,
        );
      }
      const { token, cached } = await tokens.get(region, () => fetchToken(region));
      return { credential: token.credential, cached };
    },
    forget: ({ region }) => tokens.delete(region),
  };
}

import { createKeySet } from '../../adapters/jwks/create-key-set.ts';
import type { KeySet } from '../../events/sources/oidc-token.ts';
import { readTextFile } from '../configuration.ts';
import { configuration } from './configuration.ts';
import { now } from './now.ts';

/** The keys of an issuer, over the network that the configuration describes for registries. */
export function keySet(uri: string): KeySet {
  const { loopback, ca, proxy } = configuration().registries;
  return createKeySet({
    uri,
    now,
    loopbackRegistries: loopback,
    ...(ca !== undefined && { ca: readTextFile(ca) }),
    ...(proxy !== undefined && { proxy: { http: proxy, https: proxy } }),
  });
}

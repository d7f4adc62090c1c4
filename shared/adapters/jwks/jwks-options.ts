import type { OciRegistryOptions } from '../oci-registry/options.ts';

/** An issuer's JWKS, and the network as for registries: trust, proxy, addresses that may be loopback. */
export interface JwksOptions extends Pick<OciRegistryOptions, 'ca' | 'proxy' | 'loopbackRegistries' | 'resolve'> {
  uri: string;
  now: () => Date;
}

import { createOciRegistry } from '../../adapters/oci-registry/create-oci-registry.ts';
import { readTextFile } from '../configuration.ts';
import { once } from '../once.ts';
import { configuration } from './configuration.ts';
import { now } from './now.ts';

/** Registries by the distribution protocol, as the configuration says how to reach them. */
export const registry = once(() => {
  const { loopback, plainHttp, ca, proxy } = configuration().registries;
  return createOciRegistry({
    loopbackRegistries: loopback,
    plainHttp,
    now,
    ...(ca !== undefined && { ca: readTextFile(ca) }),
    ...(proxy !== undefined && { proxy: { http: proxy, https: proxy } }),
  });
});

import { createImageFinder } from '../../adapters/oci-registry/create-image-finder.ts';
import { readTextFile } from '../configuration.ts';
import { once } from '../once.ts';
import { configuration } from './configuration.ts';
import { now } from './now.ts';

/** Looks images up by the distribution protocol, as the configuration says how to reach registries. */
export const registry = once(() => {
  const { loopback, plainHttp, ca, proxy } = configuration().registries;
  return createImageFinder({
    loopbackRegistries: loopback,
    plainHttp,
    now,
    ...(ca !== undefined && { ca: readTextFile(ca) }),
    ...(proxy !== undefined && { proxy: { http: proxy, https: proxy } }),
  });
});

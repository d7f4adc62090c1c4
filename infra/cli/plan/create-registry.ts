import { createOciRegistry } from '../../../shared/adapters/oci-registry/create-oci-registry.ts';
import type { ProxyOptions } from '../../../shared/adapters/oci-registry/options.ts';
import { anonymous } from '../../../shared/oci/credentials.ts';
import { findCredentials } from '../../../shared/oci/find-credentials.ts';
import type { ImageFinder } from '../../../shared/ports/registry.ts';
import type { RegistryChoice } from './registry-choice.ts';

/** The registry client of the functions, with the credentials and the network of whoever calls `kmm`. */
export function createRegistry(choice: RegistryChoice): ImageFinder {
  const { plainHttp, loopback, ca, dockerConfig, env } = choice;
  const registry = createOciRegistry({
    plainHttp,
    loopbackRegistries: [...plainHttp, ...loopback],
    proxy: proxyOf(env),
    ...(ca === undefined ? {} : { ca }),
  });
  if (dockerConfig === undefined) return registry;
  return {
    findImage: (request) => {
      const found = findCredentials(dockerConfig, request.reference);
      return registry.findImage({ ...request, credentials: found.length > 0 ? found : [anonymous] });
    },
  };
}

function proxyOf(env: RegistryChoice['env']): ProxyOptions {
  const read = (name: string) => env[name.toLowerCase()] || env[name] || undefined;
  const [http, https, no] = [read('HTTP_PROXY'), read('HTTPS_PROXY'), read('NO_PROXY')];
  return {
    ...(http === undefined ? {} : { http }),
    ...(https === undefined ? {} : { https }),
    ...(no === undefined ? {} : { noProxy: no.split(',').map((host) => host.trim()) }),
  };
}

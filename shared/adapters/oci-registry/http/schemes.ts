import { apiHost } from '../../../oci/api-host.ts';
import { createBoundedMap } from '../../../oci/bounded-map.ts';
import { RegistryError } from '../../../ports/errors.ts';
import type { RegistryAccess } from '../../../ports/registry.ts';
import type { Exchange } from './exchange.ts';
import { isPlaintextAnswer } from './network-error.ts';
import { discard } from './read-body.ts';

/** Where the API of a registry is: `https://host/`, or `http://host/` where that is allowed. */
export type FindBase = (registry: string, tls: RegistryAccess['tls']) => Promise<URL>;

/**
 * `tls.insecure` is KMM's "plain HTTP is allowed": HTTPS is tried first, and what was learned is kept. A bad certificate is
 * no reason to fall to HTTP: `insecureSkipTLSVerify` is there for it.
 */
export function createFindBase(exchange: Exchange, plainHttp: readonly string[]): FindBase {
  const learned = createBoundedMap<'https' | 'http'>(500);
  const plain = new Set(plainHttp.map((host) => host.toLowerCase()));

  async function probe(host: string, tls: RegistryAccess['tls']): Promise<'https' | 'http'> {
    try {
      await discard(
        await exchange({ method: 'GET', url: baseUrl('https', host), headers: {}, tls }, { repeatable: false }),
      );
      learned.set(host, 'https');
      return 'https';
    } catch (error) {
      if (isPlaintextAnswer(error)) learned.set(host, 'http');
      const certainlyTls = error instanceof RegistryError && error.code === 'TLS' && !isPlaintextAnswer(error);
      return certainlyTls ? 'https' : 'http';
    }
  }

  return async (registry, tls) => {
    const host = apiHost(registry);
    if (plain.has(host)) return baseUrl('http', host);
    if (!tls.insecure) return baseUrl('https', host);
    return baseUrl(learned.get(host) ?? (await probe(host, tls)), host);
  };
}

function baseUrl(scheme: 'https' | 'http', host: string): URL {
  const url = URL.parse(`${scheme}://${host}/v2/`);
  if (url === null) throw new RegistryError('PROTOCOL', `"${host}" is no registry host`);
  return url;
}

import { RegistryError } from '../../../ports/errors.ts';
import { discard } from './read-body.ts';
import type { HttpAnswer, HttpRequest, Send } from './send.ts';

const redirects = new Set([301, 302, 303, 307, 308]);
const longestChain = 5;

/**
 * Sends a read and follows its redirects (blobs live in object stores). Authorization stays behind when scheme, host or
 * port change: it is not theirs, and S3 refuses requests that carry one. Writes are never redirected by us.
 */
export async function sendAndFollow(send: Send, request: HttpRequest): Promise<HttpAnswer> {
  let current = request;
  for (let hops = 0; ; hops += 1) {
    const answer = await send(current);
    const location = redirects.has(answer.status) ? answer.headers.location : undefined;
    if (location === undefined || !['GET', 'HEAD'].includes(request.method)) return answer;
    await discard(answer);
    if (hops === longestChain)
      throw new RegistryError('PROTOCOL', `${request.url.origin} redirects more than ${longestChain} times`);
    current = { ...current, ...redirected(current, resolveUrl(location, current.url)) };
  }
}

function redirected({ url: from, headers }: HttpRequest, url: URL): Pick<HttpRequest, 'url' | 'headers'> {
  const { Authorization: _, ...rest } = headers;
  return { url, headers: url.origin === from.origin ? headers : rest };
}

/** A URL that an answer names, relative to where it came from. https never falls to http, and nothing but these two goes. */
export function resolveUrl(location: string, base: URL): URL {
  const url = URL.parse(location, base.href);
  if (url === null) throw new RegistryError('PROTOCOL', `${base.origin} names an address that is no URL`);
  const downgrade = base.protocol === 'https:' && url.protocol === 'http:';
  if (downgrade || !/^https?:$/.test(url.protocol)) {
    throw new RegistryError(
      'PROTOCOL',
      `${base.origin} leads to ${url.protocol}//${url.host}: only https may follow https`,
    );
  }
  url.username = '';
  url.password = '';
  return url;
}

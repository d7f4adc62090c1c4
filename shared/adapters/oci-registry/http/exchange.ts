import type { OciRegistryOptions } from '../options.ts';
import { sendAndFollow } from './follow.ts';
import { isStaleConnection } from './network-error.ts';
import { createRetry } from './retry.ts';
import { createSend, type HttpAnswer, type HttpRequest } from './send.ts';

/** A request with its redirects, repeated while that is harmless (`repeatable`) and the fault a passing one. */
export type Exchange = (request: HttpRequest, options: { repeatable: boolean }) => Promise<HttpAnswer>;

export function createExchange(options: OciRegistryOptions): Exchange {
  const send = createSend(options);
  const retry = createRetry(options);
  return (request, { repeatable }) => {
    const follow = () => sendAndFollow(send, request);
    const attempt = () =>
      follow().catch((error: unknown) => (isStaleConnection(error) ? follow() : Promise.reject(error)));
    return repeatable ? retry(attempt) : attempt();
  };
}

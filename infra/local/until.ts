import type { ClusterStore } from './cluster/store/store.ts';

/** Resolves as soon as something holds in a store, looking after each change; rejects with the signal's reason when that aborts first. */
export function until(store: ClusterStore, holds: () => boolean, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (end: () => void) => {
      stop();
      signal.removeEventListener('abort', give);
      end();
    };
    const look = () => holds() && finish(resolve);
    const give = () => finish(() => reject(signal.reason));
    const stop = store.subscribe(look);
    signal.addEventListener('abort', give, { once: true });
    if (signal.aborted) give();
    else look();
  });
}

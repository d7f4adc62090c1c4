import type { ClusterStore } from './store/store.ts';

/** Resolves as soon as a condition of the store holds, looking after each change; rejects with the words when it does not in time. */
export function waitUntil(store: ClusterStore, words: string, holds: () => boolean, timeoutMs = 10_000): Promise<void> {
  return new Promise((resolve, reject) => {
    if (holds()) return resolve();
    const finish = (end: () => void) => {
      stop();
      clearTimeout(timer);
      end();
    };
    const stop = store.subscribe(() => {
      if (holds()) finish(resolve);
    });
    const timer = setTimeout(() => finish(() => reject(new Error(`Not within ${timeoutMs} ms: ${words}`))), timeoutMs);
  });
}

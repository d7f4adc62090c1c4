import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterError } from '../../shared/ports/errors.ts';

const pauseMs = 25;

/** Waits until a server says that it has seen the whole cluster once: from then on no change is missed. */
export async function untilReady(serverUrl: string, patienceMs: number, signal?: AbortSignal): Promise<void> {
  const end = performance.now() + patienceMs;
  while (performance.now() < end) {
    const answer = await fetch(`${serverUrl}/readyz`);
    await answer.body?.cancel();
    if (answer.ok) return;
    await sleep(pauseMs, undefined, { signal });
  }
  throw new ClusterError(
    'UNAVAILABLE',
    `The cluster could not be listed within ${patienceMs / 1000} s: is its API server there?`,
  );
}

import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for something that another part of the process brings about; fails after five seconds with what it waited for. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited five seconds until ${what}`);
    await sleep(5);
  }
}

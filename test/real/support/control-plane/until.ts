import { setTimeout } from 'node:timers/promises';

/** Looks again and again until it is so; a control plane tells nobody when its controllers are done. */
export async function until(what: string, holds: () => Promise<boolean>, withinMs = 20_000): Promise<void> {
  for (const end = Date.now() + withinMs; Date.now() < end; await setTimeout(50)) if (await holds()) return;
  throw new Error(`Not within ${withinMs} ms: ${what}`);
}

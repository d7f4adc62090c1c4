import { setTimeout } from 'node:timers/promises';

/**
 * What a look at the cluster finds, once it finds something: there is no event to wait for when one looks from outside. Throws
 * with the words when it does not in time; what a look throws is thrown at once, but for refused connections nothing does.
 */
export async function eventually<T>(
  words: string,
  look: () => Promise<T | undefined>,
  { withinMs = 30_000, everyMs = 50 }: { withinMs?: number | undefined; everyMs?: number } = {},
): Promise<T> {
  for (const end = Date.now() + withinMs; ; await setTimeout(everyMs)) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`Not within ${withinMs / 1000} s: ${words}`);
  }
}

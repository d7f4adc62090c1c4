import { createBoundedMap } from './bounded-map.ts';

/** `expiresAt` in milliseconds: when nobody may begin to use it any more. */
export interface Expiring {
  expiresAt: number;
}

export interface TokenCache<T extends Expiring> {
  /** The token of that key, made by `make` when there is none that lives. `cached`: it was not made for this call. */
  get(key: string, make: () => Promise<T>): Promise<{ token: T; cached: boolean }>;
  delete(key: string): void;
}

/** Bounded; a token is made once for all who ask at the same time, and a failure is told to them and forgotten. */
export function createTokenCache<T extends Expiring>(limit: number, now: () => Date): TokenCache<T> {
  const held = createBoundedMap<Promise<T>>(limit);
  const drop = (key: string, which: Promise<T>) => {
    if (held.get(key) === which) held.delete(key);
  };
  return {
    async get(key, make) {
      for (let present = held.get(key); present !== undefined; present = held.get(key)) {
        const token = await present;
        if (token.expiresAt > now().getTime()) return { token, cached: true };
        drop(key, present);
      }
      const made = make();
      held.set(key, made);
      made.catch(() => drop(key, made));
      return { token: await made, cached: false };
    },
    delete: held.delete,
  };
}

import type { RequestKind } from './routes.ts';

/** How many requests came in, refused ones included: what a budget of registry requests is held against. */
export interface RequestCounters {
  /** All, or those of a method, a kind, or both. */
  count(filter?: { method?: string; kind?: RequestKind }): number;
  clear(): void;
}

export interface RequestRecorder extends RequestCounters {
  record(method: string, kind: RequestKind): void;
}

export function createRequestCounters(): RequestRecorder {
  let counts = new Map<string, { method: string; kind: RequestKind; count: number }>();
  return {
    record: (method, kind) => {
      const key = `${method} ${kind}`;
      counts.set(key, { method, kind, count: (counts.get(key)?.count ?? 0) + 1 });
    },
    count: ({ method, kind } = {}) =>
      [...counts.values()]
        .filter(
          (entry) => (method === undefined || entry.method === method) && (kind === undefined || entry.kind === kind),
        )
        .reduce((sum, entry) => sum + entry.count, 0),
    clear: () => {
      counts = new Map();
    },
  };
}

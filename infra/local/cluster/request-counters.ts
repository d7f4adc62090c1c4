import type { Kind } from '../../../shared/kubernetes/resources.ts';

/** Counts requests on the wire, for budgets: one entry per verb, kind and subresource, as `apply DaemonSet`, `patch Module/status`. */
export interface RequestCounters {
  count(verb: string, kind: Kind, subresource?: string): void;
  /** Requests that may write, of one kind (status included) or all. */
  writes(kind?: Kind): number;
  of(verb: string, kind: Kind, subresource?: string): number;
  all(): Record<string, number>;
  reset(): void;
}

const reads = new Set(['get', 'list', 'watch']);

export function createRequestCounters(): RequestCounters {
  const counts = new Map<string, number>();
  const keyOf = (verb: string, kind: Kind, subresource?: string) =>
    `${verb} ${kind}${subresource ? `/${subresource}` : ''}`;

  return {
    count(verb, kind, subresource) {
      const key = keyOf(verb, kind, subresource);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    writes(wanted) {
      const writing = [...counts].filter(([key]) => {
        const [verb = '', kind = ''] = key.split(/[ /]/);
        return !reads.has(verb) && (wanted === undefined || kind === wanted);
      });
      return writing.reduce((sum, [, count]) => sum + count, 0);
    },
    of: (verb, kind, subresource) => counts.get(keyOf(verb, kind, subresource)) ?? 0,
    all: () => Object.fromEntries(counts),
    reset: () => counts.clear(),
  };
}

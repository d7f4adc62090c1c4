import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { AuditEntry } from '../../support/control-plane/audit-log.ts';
import type { HookCall } from './hook-door.ts';

/** What the functions did in a stretch of time, by the API server's own record. */
export interface Counts {
  /** By verb and resource, without objects' names: `patch modules/status`. */
  requests: Record<string, number>;
  /** Reviews by operation and resource. */
  hookCalls: Record<string, number>;
  /** Writes of DaemonSets whose names begin with this: all of one Module, or all. */
  daemonSetWrites(of?: string): number;
  /** DaemonSets that came to be. Two runs that begin together both apply the same: the API server makes one write of it. */
  daemonSetsMade: number;
  /** Patches of Nodes whose names begin with this, by node. */
  nodePatches(of?: string): Record<string, number>;
  registryRequests: number;
  entries: readonly AuditEntry[];
}

export interface CountedSources {
  /** Requests of the functions' account only. */
  requests: () => Promise<readonly AuditEntry[]>;
  hookCalls: readonly HookCall[];
  registryRequests: () => number;
}

/** Starts a count; the returned function ends it once nothing has been asked for a while. */
export async function startCount(sources: CountedSources, quietMs = 1_200): Promise<() => Promise<Counts>> {
  const seen = new Set((await sources.requests()).map(({ id }) => id));
  const [calls, registry] = [sources.hookCalls.length, sources.registryRequests()];
  return async () => {
    await isQuiet(sources, quietMs);
    const entries = (await sources.requests()).filter(({ id }) => !seen.has(id));
    const writes = entries.filter(({ verb }) => !['get', 'list', 'watch'].includes(verb));
    return {
      requests: tally(entries.map(nameOf)),
      hookCalls: tally(sources.hookCalls.slice(calls).map(({ what }) => what)),
      daemonSetWrites: (of = '') =>
        writes.filter(({ resource, name }) => resource === 'daemonsets' && name.startsWith(of)).length,
      daemonSetsMade: writes.filter(({ resource, code }) => resource === 'daemonsets' && code === 201).length,
      nodePatches: (of = '') =>
        tally(writes.flatMap(({ resource, name }) => (resource === 'nodes' && name.startsWith(of) ? [name] : []))),
      registryRequests: sources.registryRequests() - registry,
      entries,
    };
  };
}

/**
 * Something that each run does once for a target: once, and again by a run that began before the first one's entry was there (a
 * node is reviewed more than once as it joins or boots).
 */
export function assertOncePerRun(count: number, targets: number, what: string): void {
  assert.ok(count >= targets && count <= 2 * targets, `${what}: ${count} for ${targets} targets`);
}

async function isQuiet({ requests, hookCalls }: CountedSources, quietMs: number): Promise<void> {
  const sum = async () => (await requests()).length + hookCalls.length;
  let last = await sum();
  for (let since = Date.now(); Date.now() - since < quietMs; await setTimeout(100)) {
    const now = await sum();
    if (now !== last) since = Date.now();
    last = now;
  }
}

export function nameOf({ verb, resource, subresource }: AuditEntry): string {
  return `${verb} ${resource}${subresource === '' ? '' : `/${subresource}`}`;
}

export function tally(words: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries([...counts].sort());
}

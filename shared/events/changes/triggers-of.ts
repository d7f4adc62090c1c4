import type { Kinds } from '../../kubernetes/resources.ts';
import type { Trigger } from '../trigger.ts';
import type { Change, ChangeOptions } from './change.ts';
import { configMapTriggers } from './config-map.ts';
import { daemonSetTriggers } from './daemon-set.ts';
import { jobTriggers } from './job.ts';
import { moduleTriggers } from './module.ts';
import { nodeTriggers } from './node.ts';
import { podTriggers } from './pod.ts';

/** The kinds whose changes wake functions. Secrets are never among them: a review or a watch would carry their values. */
export type WatchedKind = 'Node' | 'Pod' | 'DaemonSet' | 'Job' | 'Module' | 'ConfigMap';
type Decide<K extends WatchedKind> = (change: Change<Kinds[K]>, options: ChangeOptions) => Trigger[];

const table: { [K in WatchedKind]: Decide<K> } = {
  Node: nodeTriggers,
  Pod: podTriggers,
  DaemonSet: daemonSetTriggers,
  Job: jobTriggers,
  Module: moduleTriggers,
  ConfigMap: configMapTriggers,
};

export function isWatchedKind(kind: string): kind is WatchedKind {
  return Object.hasOwn(table, kind);
}

/** The triggers of one change. An object of the same name and another uid is one that went and one that came. */
export function triggersOf<K extends WatchedKind>(
  kind: K,
  change: Change<Kinds[K]>,
  options: ChangeOptions,
): Trigger[] {
  const { before, after } = change;
  if (before !== undefined && after !== undefined && before.metadata.uid !== after.metadata.uid) {
    return [...table[kind]({ before }, options), ...table[kind]({ after }, options)];
  }
  return table[kind](change, options);
}

import type { Trigger } from '../../shared/events/trigger.ts';
import type { QueuedFunction } from '../../shared/ports/bus.ts';
import type { FunctionRun } from './observe-run.ts';

/** What can be seen of a stack while it works: told as it happens, never foretold. */
export type StackEvent =
  | { kind: 'run-started'; function: QueuedFunction; triggers: readonly Trigger[] }
  | { kind: 'run-ended'; run: FunctionRun }
  /** The door took an event of a registry; `queued` triggers came of it. */
  | { kind: 'received'; from: string; queued: number }
  /** Pods of a DaemonSet got ready. Only where the cluster is our own. */
  | { kind: 'pods'; pods: PodCount }
  /** A warning or an error of the server or a function. */
  | { kind: 'complaint'; level: 'warn' | 'error'; message: string; fields: Record<string, unknown> };

export interface PodCount {
  daemonSet: string;
  role: 'module-loader' | 'device-plugin';
  ready: number;
  /** Of the present template. */
  updated: number;
  desired: number;
}

export type Tell = (event: StackEvent) => void;

import type { Trigger } from '../../shared/events/trigger.ts';
import type { QueuedFunction } from '../../shared/ports/bus.ts';
import type { Decision, LabelledNode, LookUp } from './function-run.ts';
import type { DaemonSetWrite } from './observe-cluster.ts';

/** What can be seen of a stack while it works: told as it happens, never foretold. */
export type StackEvent =
  | { kind: 'run-started'; run: Run }
  /** A target's state or reason changed; with what led to it and what was written for it. */
  | { kind: 'decided'; run: Run; decision: Decision; lookUps: LookUp[]; writes: DaemonSetWrite[] }
  /** With what belongs to no decision. */
  | {
      kind: 'run-ended';
      run: Run;
      lookUps: LookUp[];
      writes: DaemonSetWrite[];
      labelled: LabelledNode[];
      failures: string[];
    }
  /** Pods of a DaemonSet got ready. Only where the cluster is our own. */
  | { kind: 'pods'; pods: PodCount }
  /** A warning or an error of the server or a function. */
  | { kind: 'complaint'; level: 'warn' | 'error'; message: string; fields: unknown };

/** One run of a function; the same object in all that is told of it. */
export interface Run {
  function: QueuedFunction;
  triggers: readonly Trigger[];
}

export interface PodCount {
  daemonSet: string;
  role: 'module-loader' | 'device-plugin';
  ready: number;
  /** Of the present template. */
  updated: number;
  desired: number;
}

export type Tell = (event: StackEvent) => void;

import type { RunningPod } from '../store/readable.ts';

/** How a pod does once its images are there, and what its unloading says at the end (exit code 0 when absent). */
export type PodOutcome = { unload?: { exitCode: number; message: string } } & (
  | { kind: 'ready' }
  | { kind: 'unready' }
  | { kind: 'crash'; exitCode: number; message: string }
);

/** Decides for a pod; `undefined` leaves it to the default: it becomes Ready. */
export type OutcomeRule = (pod: RunningPod) => PodOutcome | undefined;

import type { State } from '../../../shared/kmm/status.ts';
import type { RowId } from '../../../shared/reconcile/plan.ts';

/** What `kmm plan` says about one target; `-o json` prints it as it is. */
export interface PlannedTarget {
  namespace: string;
  module: string;
  kernelVersion: string;
  architecture: string;
  /** Of the decision table. */
  row: RowId;
  state: State;
  reason: string;
  message: string;
  /** In words. */
  action: string;
  /** What happens to the module on nodes; `nodes` is absent where no cluster was read. */
  effect: { kind: 'none' | 'load' | 'reload' | 'unload'; nodes?: number };
  image?: string;
  digest?: string;
  daemonSet?: string;
  warnings: string[];
}

import type { KernelEntry, State, StatusCondition } from '../kmm/status.ts';
import { goneWords } from './digest-gone.ts';

const degraded: readonly State[] = [
  'Invalid',
  'RegistryUnreachable',
  'BuildFailed',
  'SignFailed',
  'ImageRejected',
  'RolloutFailed',
];
const progressing: readonly State[] = ['Building', 'Signing', 'Inspecting', 'RollingOut'];
/** Neither is a node's module being absent by the admin's own choice. */
const fine: readonly State[] = ['Ready', 'NoMapping'];

/** What a namespace's Pod Security level says to our pods; `unknown`: not looked at in this run. */
export type PodSecurity =
  | { kind: 'unknown' }
  | { kind: 'allowed' }
  | { kind: 'forbidden'; reason: string; message: string };

/** What the entries do not tell. */
export interface ConditionContext {
  generation: number;
  now: Date;
  invalid: string | undefined;
  dra: boolean;
  podSecurity: PodSecurity;
  /** Why the API server refused the device plugin's DaemonSet. */
  pluginProblem: string | undefined;
}

/**
 * `Ready`, `Progressing` and `Degraded` of a Module from all its entries. A condition whose status stays keeps its
 * transition time. The message names the first target concerned and how many more there are.
 */
export function conditionsOf(
  entries: ReadonlyMap<string, KernelEntry>,
  before: readonly StatusCondition[],
  about: ConditionContext,
): StatusCondition[] {
  const all = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  const refused = refusedPlugin(about);
  const notReady = [...all.filter(([, entry]) => !fine.includes(entry.state)), ...refused];
  const bad = [...all.filter(([, entry]) => degraded.includes(entry.state)), ...refused];
  const moving = all.filter(([, entry]) => progressing.includes(entry.state));
  const conditions =
    about.invalid !== undefined
      ? invalidConditions(about.invalid)
      : [
          condition(
            'Ready',
            notReady,
            'False',
            all.length === 0 ? 'no selected node has reported a kernel yet' : `all ${all.length} kernels`,
          ),
          condition('Progressing', moving, 'True', 'nothing is under way'),
          condition('Degraded', bad, 'True', 'nothing is wrong'),
          ...(about.dra ? [draCondition] : []),
          ...podsAllowed(about.podSecurity, before),
          ...pullable(all, before),
        ];
  return conditions.map((made) => {
    const old = before.find(({ type }) => type === made.type);
    const since =
      old?.status === made.status && old.lastTransitionTime !== '' ? old.lastTransitionTime : about.now.toISOString();
    return { ...made, observedGeneration: about.generation, lastTransitionTime: since };
  });
}

/** Told as if it were one more target. */
function refusedPlugin({ pluginProblem: message, generation }: ConditionContext): [string, KernelEntry][] {
  if (message === undefined) return [];
  return [
    ['device plugin', { state: 'RolloutFailed', reason: 'ApplyRefused', message, observedGeneration: generation }],
  ];
}

/** The Module itself is wrong: nothing new is made for any kernel, running things stay. */
function invalidConditions(message: string): Made[] {
  return [
    { type: 'Ready', status: 'False', reason: 'Invalid', message },
    { type: 'Progressing', status: 'False', reason: 'Invalid', message: 'nothing is under way' },
    { type: 'Degraded', status: 'True', reason: 'Invalid', message },
  ];
}

/** Stands only where it was ever False; a run that did not look leaves it. */
function podsAllowed(security: PodSecurity, before: readonly StatusCondition[]): Made[] {
  const old = before.find(({ type }) => type === 'PodsAllowed');
  const type = 'PodsAllowed';
  if (security.kind === 'forbidden') {
    return [{ type, status: 'False', reason: security.reason, message: security.message }];
  }
  if (old === undefined) return [];
  if (security.kind === 'unknown') return [{ type, status: old.status, reason: old.reason, message: old.message }];
  return [{ type, status: 'True', reason: 'AsExpected', message: 'the namespace lets our pods in' }];
}

/** Stands only where it was ever False. `kmm explain` and alerts read it: a fleet that runs well may not grow any more. */
function pullable(all: [string, KernelEntry][], before: readonly StatusCondition[]): Made[] {
  const type = 'Pullable';
  const gone = all.filter(([, entry]) => entry.digestGone);
  const [first] = gone;
  if (first !== undefined) {
    const message = `${first[0]}: ${goneWords(first[1])}${more(gone)}`;
    return [{ type, status: 'False', reason: 'DigestGone', message }];
  }
  if (before.every((old) => old.type !== type)) return [];
  return [{ type, status: 'True', reason: 'AsExpected', message: 'all digests that run are in their registries' }];
}

function more(hits: readonly unknown[]): string {
  return hits.length > 1 ? ` (and ${hits.length - 1} more)` : '';
}

type Made = Pick<StatusCondition, 'type' | 'status' | 'reason' | 'message'>;

const draCondition: Made = {
  type: 'DraSupported',
  status: 'False',
  reason: 'NotSupported',
  message: 'spec.dra is kept, but nothing is made for it yet',
};

function condition(type: string, hits: [string, KernelEntry][], whenHit: 'True' | 'False', quiet: string): Made {
  const first = hits[0];
  if (first === undefined)
    return { type, status: whenHit === 'True' ? 'False' : 'True', reason: 'AsExpected', message: quiet };
  const [key, entry] = first;
  return {
    type,
    status: whenHit,
    reason: entry.reason ?? entry.state,
    message: `${key}: ${entry.state}: ${entry.message ?? ''}${more(hits)}`,
  };
}

import pLimit from 'p-limit';
import { renderLoaderDaemonSet } from '../../../shared/desired/loader-daemonset.ts';
import { loaderDaemonSetName } from '../../../shared/desired/names.ts';
import type { TargetKey } from '../../../shared/events/trigger.ts';
import { entryKey } from '../../../shared/kmm/labels.ts';
import type { TargetPorts } from '../../../shared/ports/target-ports.ts';
import type { TargetFacts } from '../../../shared/reconcile/facts.ts';
import type { KnownModule } from '../../../shared/reconcile/known-module.ts';
import type { TargetPlan } from '../../../shared/reconcile/plan.ts';
import { planTarget } from '../../../shared/reconcile/plan-target.ts';
import { gatherTarget } from '../../../shared/steps/gather-target.ts';
import { loaderDaemonSetsOf } from '../../../shared/steps/live-daemon-set.ts';
import { healthOf } from '../../../shared/steps/read-health.ts';
import type { RunReads } from '../../../shared/steps/run-reads.ts';
import { placeholderDigest } from '../render/render-objects.ts';
import { actionWords, effectOf } from './plan-words.ts';
import type { PlannedTarget } from './planned-target.ts';
import { readNamespaceMarks, securityWarnings } from './security-warnings.ts';
import { warningsOf } from './warnings.ts';

/** A target to plan, and on how many nodes it would be, where a cluster was read. */
export interface TargetToPlan {
  target: TargetKey;
  nodes?: number;
}

export interface PlanSetting {
  ports: TargetPorts;
  reads: RunReads;
  /** A cluster was read. */
  online: boolean;
  /** Credentials were given by hand. */
  ownCredentials: boolean;
}

/** Registries are not asked for more images at once. */
const atOnce = 8;

/** What the functions would do for some targets of a Module, decided by their own planner on facts gathered their own way. */
export async function planModule(
  module: KnownModule,
  targets: readonly TargetToPlan[],
  setting: PlanSetting,
): Promise<PlannedTarget[]> {
  const limit = pLimit(atOnce);
  const siblings = [...Object.keys(module.status.kernels), ...targets.map(({ target }) => entryKey(target))];
  return Promise.all(targets.map((target) => limit(() => planOne(module, target, siblings, setting))));
}

async function planOne(
  module: KnownModule,
  { target, nodes }: TargetToPlan,
  siblings: readonly string[],
  setting: PlanSetting,
): Promise<PlannedTarget> {
  const { ports, reads, online } = setting;
  const { current } = loaderDaemonSetsOf(module, target, await reads.daemonSets(module));
  const health = await healthOf(module, current, ports, reads);
  const wanted = { target, asks: true, retry: false, onlyRollout: false, imageEvent: false, rollout: false };
  const facts = await gatherTarget(wanted, module, { daemonSet: current, health, siblings }, ports, reads);
  const plan = planTarget(facts);
  const data = facts.resolution.outcome === 'resolved' ? facts.resolution.data : undefined;
  const name = `${module.namespace}/${facts.daemonSet?.name ?? loaderDaemonSetName({ ...target, version: data?.version })}`;
  const { row, state, reason, message } = plan;
  return {
    ...target,
    row,
    state,
    reason,
    message,
    action: actionWords(plan, name, facts.daemonSet, online),
    effect: effectOf(plan, facts.daemonSet, nodes),
    ...(data === undefined ? {} : { image: data.containerImage, daemonSet: name }),
    ...(plan.digest === undefined ? {} : { digest: plan.digest }),
    warnings: [...warningsOf(module, facts, setting), ...(await securityOf(facts, plan, setting))],
  };
}

/** Whether the namespace lets in the pods of the DaemonSet that there is or would be. */
async function securityOf(
  { resolution, target }: TargetFacts,
  { digest }: TargetPlan,
  { ports, reads, online }: PlanSetting,
): Promise<string[]> {
  if (!online || resolution.outcome !== 'resolved') return [];
  const { namespace, architecture } = target;
  const marks = await reads.once(`namespace ${namespace}`, () => readNamespaceMarks(ports.cluster, namespace));
  const { desired: settings } = ports.settings;
  const { data } = resolution;
  return securityWarnings(
    marks,
    renderLoaderDaemonSet({ data, architecture, digest: digest ?? placeholderDigest, settings }),
  );
}

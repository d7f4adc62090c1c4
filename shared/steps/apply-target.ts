import { renderLoaderDaemonSet } from '../desired/loader-daemonset.ts';
import type { ModuleLoaderData } from '../kmm/module-loader-data.ts';
import type { DaemonSet } from '../kubernetes/objects.ts';
import type { Message } from '../ports/bus.ts';
import { ClusterError } from '../ports/errors.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import { buildDestination } from '../reconcile/destination.ts';
import type { TargetFacts } from '../reconcile/facts.ts';
import type { KnownModule } from '../reconcile/known-module.ts';
import type { TargetPlan } from '../reconcile/plan.ts';
import { isAlone } from './gather-making.ts';

/** What applying left to do: requests for the bus, which go out before the status is written. */
export interface Applied {
  plan: TargetPlan;
  messages: Message[];
}

/**
 * Carries out the one step of a plan. What the API server refuses for good (422, 403) becomes the target's own state, so
 * that it stops no other target; a conflict is thrown, and the whole Module is gathered and planned again.
 */
export async function applyTarget(
  plan: TargetPlan,
  facts: TargetFacts,
  module: KnownModule,
  daemonSets: readonly DaemonSet[],
  ports: TargetPorts,
): Promise<Applied> {
  try {
    return { plan, messages: await carryOut(plan, facts, module, daemonSets, ports) };
  } catch (error) {
    if (!(error instanceof ClusterError) || !['INVALID', 'FORBIDDEN'].includes(error.code)) throw error;
    ports.log.error('the API server refused a step', { target: facts.target, row: plan.row, error: error.message });
    return { plan: { ...plan, state: 'RolloutFailed', reason: 'ApplyRefused', message: error.message }, messages: [] };
  }
}

async function carryOut(
  plan: TargetPlan,
  facts: TargetFacts,
  module: KnownModule,
  daemonSets: readonly DaemonSet[],
  ports: TargetPorts,
): Promise<Message[]> {
  const { action } = plan;
  const { target, resolution } = facts;
  switch (action.kind) {
    case 'none':
      return [];
    case 'remove-daemon-set':
      for (const daemonSet of daemonSets) await deleteDaemonSet(daemonSet, ports);
      return [];
    case 'request-inspection':
      return [{ to: 'inspect-image', inspect: { target, digest: action.digest } }];
    case 'request-signing':
      return [{ to: 'sign-image', sign: { target, kind: 'sign', inputs: action.inputs } }];
    case 'request-join':
      return [{ to: 'sign-image', sign: { target, kind: 'join', inputs: action.inputs } }];
    case 'start-build':
      await startBuild(facts, dataOf(resolution), module, action, ports);
      return [];
    case 'apply-daemon-set': {
      const { architecture } = target;
      const settings = ports.settings.desired;
      const manifest = renderLoaderDaemonSet({
        data: dataOf(resolution),
        architecture,
        digest: action.digest,
        settings,
      });
      const live = daemonSets.find(({ metadata }) => metadata.name === manifest.metadata.name);
      if (live !== undefined) manifest.metadata.resourceVersion = live.metadata.resourceVersion;
      await ports.cluster.apply('DaemonSet', manifest);
      return [];
    }
  }
}

/** Deletes exactly the DaemonSet that was read: one made anew under its name is left. */
export async function deleteDaemonSet({ metadata }: DaemonSet, ports: Pick<TargetPorts, 'cluster'>): Promise<void> {
  const key = { name: metadata.name, ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }) };
  await ports.cluster.delete('DaemonSet', key, { uid: metadata.uid, resourceVersion: metadata.resourceVersion });
}

async function startBuild(
  facts: TargetFacts,
  data: ModuleLoaderData,
  module: KnownModule,
  action: { identity: string; attempt: number },
  ports: TargetPorts,
): Promise<void> {
  const signing = data.sign !== undefined && ports.signer !== undefined;
  const destination = buildDestination(data, facts.target, signing, isAlone(facts, module));
  const request = { target: facts.target, data, destination, request: facts.request };
  if (ports.builder?.kind === 'job') await ports.builder.startBuild(request, action.identity, action.attempt);
}

function dataOf(resolution: TargetFacts['resolution']): ModuleLoaderData {
  if (resolution.outcome === 'resolved') return resolution.data;
  throw new Error(`a step was planned for a target whose mapping is ${resolution.outcome}`);
}

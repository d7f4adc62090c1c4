import { defaultDesiredSettings } from '../../../shared/desired/settings.ts';
import { shapeOf } from '../../../shared/desired/shape.ts';
import { templateInputs } from '../../../shared/desired/template-inputs.ts';
import { entryKey } from '../../../shared/kmm/labels.ts';
import type { Node } from '../../../shared/kubernetes/objects.ts';
import { readObject } from '../../../shared/kubernetes/read-object.ts';
import type { TargetFacts } from '../../../shared/reconcile/facts.ts';
import { type KnownModule, optionsOf } from '../../../shared/reconcile/known-module.ts';
import { requestOf } from '../../../shared/reconcile/request.ts';
import type { Wanted } from '../../../shared/reconcile/select-targets.ts';
import { rawModule } from '../../builders/module.ts';
import { digestA } from '../../builders/module-loader-data.ts';
import { aNode } from '../../builders/node.ts';
import { liveDaemonSet, targetFacts } from '../../builders/target-facts.ts';

export interface FleetSize {
  nodes: number;
  modules: number;
  kernels: number;
}

const kernelOf = (index: number) => `6.1.0-${index}-amd64`;

/** Nodes that all Modules select, kernels spread evenly, each node with the labels that a cloud gives it. */
export function fleetNodes({ nodes, kernels }: FleetSize): Node[] {
  return Array.from({ length: nodes }, (_, index) => {
    const zone = { 'topology.kubernetes.io/zone': `z${index % 3}`, 'node.kubernetes.io/instance-type': 'm7.large' };
    const labels = { 'example.com/acme': 'present', 'node-role.kubernetes.io/worker': '', ...zone };
    return readObject('Node', aNode({ name: `node-${index}`, kernelVersion: kernelOf(index % kernels), labels }));
  });
}

/** Modules as the API gives them, half of their kernels by literals, with an entry for each kernel that runs. */
export function fleetModules({ modules, kernels }: FleetSize) {
  const literals = Array.from({ length: kernels / 2 }, (_, index) => ({ literal: kernelOf(index) }));
  const entry = { state: 'Ready', reason: 'Ready', digest: digestA, observedGeneration: 1 };
  const entries = Array.from({ length: kernels }, (_, index) => [`${kernelOf(index)}/amd64`, entry]);
  return Array.from({ length: modules }, (_, index) => {
    const raw = rawModule({
      metadata: { name: `module-${index}`, uid: `uid-${index}`, resourceVersion: '1', generation: 1 },
      mappings: [...literals, { regexp: '^6\\.1\\.0-.+-amd64$' }],
    });
    return readObject('Module', { ...raw, status: { kernels: Object.fromEntries(entries) } });
  });
}

/** What a run would have gathered for a target that runs well: the most that a plan computes, for the inputs are compared. */
export function fleetFacts({ target }: Wanted, module: KnownModule): TargetFacts {
  const resolution = module.resolve(target.kernelVersion);
  const { architecture } = target;
  return targetFacts({
    target,
    resolution,
    entry: module.status.kernels[entryKey(target)],
    options: optionsOf(module),
    request: requestOf(module.annotations, module.spec?.imageRebuildTriggerGeneration, target),
    daemonSet: liveDaemonSet(),
    templateInputs: (digest) => {
      if (resolution.outcome !== 'resolved') return '';
      const { data } = resolution;
      return templateInputs({ data, architecture, digest, shape: shapeOf(data.podOptions, defaultDesiredSettings) });
    },
  });
}

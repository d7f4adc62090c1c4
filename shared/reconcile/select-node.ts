import type { TargetKey } from '../events/trigger.ts';
import { isKernelName } from '../kernel/kernel-version.ts';
import { entryKey } from '../kmm/labels.ts';
import { isIgnoredTaint } from '../kubernetes/ignored-taints.ts';
import type { Node } from '../kubernetes/objects.ts';
import { missingLabel } from '../kubernetes/selectors.ts';
import { tolerates } from '../kubernetes/taints.ts';
import type { KnownModule } from './known-module.ts';

export type Selection = { selected: true; target: TargetKey } | { selected: false; why: string };

/**
 * Whether a Module wants a node, and the target that this makes. Taints decide only whether *new* work is planned: a target
 * that has an entry already is kept.
 */
export function selectNode(module: KnownModule, node: Node, ignoredTaints: readonly string[]): Selection {
  if (module.spec?.moduleLoader === undefined) return { selected: false, why: 'the Module has no moduleLoader' };
  const missing = missingLabel(module.spec.selector ?? {}, node.metadata.labels);
  if (missing !== undefined) return { selected: false, why: `not selected: label ${missing} is missing` };
  const { kernelVersion = '', architecture = '' } = node.status?.nodeInfo ?? {};
  if (!isKernelName(kernelVersion) || architecture === '') {
    return {
      selected: false,
      why: `Invalid: the node reports the kernel ${JSON.stringify(kernelVersion.slice(0, 80))} on architecture ${JSON.stringify(architecture)}`,
    };
  }
  const target = { namespace: module.namespace, module: module.name, kernelVersion, architecture };
  const taint = excludingTaint(module, node, ignoredTaints);
  if (taint !== undefined && module.status.kernels[entryKey(target)] === undefined) {
    return { selected: false, why: `tainted: ${taint} is not tolerated` };
  }
  return { selected: true, target };
}

function excludingTaint(module: KnownModule, node: Node, ignored: readonly string[]): string | undefined {
  const taint = (node.spec?.taints ?? []).find(
    (candidate) =>
      ['NoSchedule', 'NoExecute'].includes(candidate.effect) &&
      !isIgnoredTaint(candidate.key, ignored) &&
      !(module.spec?.tolerations ?? []).some((toleration) => tolerates(toleration, candidate)),
  );
  return taint === undefined ? undefined : `${taint.key}=${taint.value ?? ''}:${taint.effect}`;
}

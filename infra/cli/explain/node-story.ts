import { labels, roles } from '../../../shared/kmm/labels.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import type { Node, Pod } from '../../../shared/kubernetes/objects.ts';
import { type Selection, selectNode } from '../../../shared/reconcile/select-node.ts';
import { obstacleOf } from './obstacles.ts';
import type { Explained } from './read-explained.ts';
import type { NodeStory, TargetStory } from './story.ts';
import { targetStory } from './target-story.ts';

type Verdict = Pick<NodeStory, 'loaded' | 'why' | 'next'>;

/** Why a Module's kernel module is, or is not, loaded on one node: the first thing that stands in its way. */
export function nodeStory(explained: Explained, node: Node): NodeStory {
  const { module, pods } = explained;
  const { kernelVersion = '', architecture = '' } = node.status?.nodeInfo ?? {};
  const selection = selectNode(module, node, defaultIgnoredTaints);
  const pod = pods.find((candidate) => isLoaderOn(candidate, node));
  const target = selection.selected ? targetStory(explained, selection.target, 1) : undefined;
  const verdict = target === undefined ? notSelected(explained, selection) : verdictOf(explained, node, pod, target);
  return {
    namespace: module.namespace,
    module: module.name,
    node: node.metadata.name,
    ...verdict,
    kernelVersion,
    architecture,
    ...(pod === undefined ? {} : { pod: podWords(pod) }),
    ...(target === undefined ? {} : { target }),
  };
}

function notSelected({ module }: Explained, selection: Selection): Verdict {
  if (module.invalid !== undefined) return invalid(module.invalid);
  const why = selection.selected ? '' : selection.why;
  return { loaded: false, why, next: adviceFor(why) };
}

function verdictOf(explained: Explained, node: Node, pod: Pod | undefined, target: TargetStory): Verdict {
  const { module, daemonSets } = explained;
  if (pod !== undefined && podWords(pod).ready) {
    const isLabelled = labels.ready(module.namespace, module.name) in node.metadata.labels;
    const { name } = pod.metadata;
    const why = isLabelled ? `loaded by pod ${name}` : `pod ${name} has loaded it; the node's ready label comes next`;
    return { loaded: true, why, next: target.next };
  }
  if (module.invalid !== undefined && pod === undefined) return invalid(module.invalid);
  const daemonSet = daemonSets.find(({ metadata }) => `${metadata.namespace}/${metadata.name}` === target.daemonSet);
  return { loaded: false, ...obstacleOf({ explained, node, target, daemonSet, pod }) };
}

function invalid(why: string): Verdict {
  return { loaded: false, why: `Invalid: ${why}`, next: 'correct the Module: kmm lint says how' };
}

function isLoaderOn({ metadata, spec }: Pod, node: Node): boolean {
  // With the mark of our DaemonSets: a pod that KMM 1.x left behind has the same role.
  const isOurs = metadata.labels[labels.daemonSet] !== undefined;
  return isOurs && spec?.nodeName === node.metadata.name && metadata.labels[labels.role] === roles.moduleLoader;
}

function podWords({ metadata, status }: Pod): NonNullable<NodeStory['pod']> {
  const containers = status?.containerStatuses ?? [];
  return {
    name: metadata.name,
    ready: metadata.deletionTimestamp === undefined && containers.length > 0 && containers.every(({ ready }) => ready),
    restarts: containers.reduce((sum, { restartCount }) => sum + restartCount, 0),
  };
}

function adviceFor(why: string): string {
  if (why.startsWith('not selected')) return 'label the node, or change spec.selector, if the node should have it';
  if (why.startsWith('tainted')) {
    return 'add a toleration to spec.tolerations, or take the taint off the node, if it should have it';
  }
  return why.startsWith('Invalid') ? 'correct what the node reports' : 'nothing to do';
}

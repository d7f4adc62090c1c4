import { kernelLabelValue } from '../../../shared/kmm/kernel-label-value.ts';
import { labels } from '../../../shared/kmm/labels.ts';
import type { DaemonSet, Node, Pod } from '../../../shared/kubernetes/objects.ts';
import { enforceLabel, podSecurityVerdict } from '../../../shared/kubernetes/pod-security.ts';
import { isDead, podHealth } from '../../../shared/reconcile/pod-health.ts';
import type { Explained } from './read-explained.ts';
import type { TargetStory } from './story.ts';

/** A selected node on which no pod has the module loaded. */
export interface Scene {
  explained: Explained;
  node: Node;
  target: TargetStory;
  daemonSet: DaemonSet | undefined;
  pod: Pod | undefined;
}

/** What stands in the way, and what to do about it. */
export interface Obstacle {
  why: string;
  next: string;
}

type Look = (scene: Scene) => Obstacle | undefined;

/** In the order of their weight: the words of a pod say more than the state that led to them. */
const looks: readonly Look[] = [
  podTrouble,
  noMapping,
  deadNode,
  podStarting,
  podSecurity,
  kernelLabel,
  version,
  neverLookedAt,
  noPod,
];

export function obstacleOf(scene: Scene): Obstacle {
  for (const look of looks) {
    const found = look(scene);
    if (found !== undefined) return found;
  }
  const { state = '', reason = '', message = reason, next } = scene.target;
  return { why: `${state}: ${message}`, next };
}

function podTrouble({ explained, pod, daemonSet }: Scene): Obstacle | undefined {
  if (pod === undefined || daemonSet === undefined) return undefined;
  // Without its mark of the present template: a pod of the template before may be the one in trouble.
  const ofAnyTemplate = { ...daemonSet, metadata: { ...daemonSet.metadata, annotations: {} } };
  const why = podHealth(ofAnyTemplate, [pod], new Map(), explained.now).trouble;
  const { namespace, name } = pod.metadata;
  return why === undefined
    ? undefined
    : { why, next: `"kubectl logs -n ${namespace ?? ''} ${name} --previous" shows all that it said` };
}

function noMapping({ target }: Scene): Obstacle | undefined {
  return target.mapping.startsWith('no mapping') ? { why: target.mapping, next: target.next } : undefined;
}

function deadNode({ node }: Scene): Obstacle | undefined {
  return isDead(node)
    ? { why: 'the node is not ready: its kubelet does not answer', next: 'bring the node back' }
    : undefined;
}

function podStarting({ pod }: Scene): Obstacle | undefined {
  if (pod === undefined) return undefined;
  return { why: `pod ${pod.metadata.name} is ${pod.status?.phase ?? 'starting'}, not ready yet`, next: 'wait' };
}

/** A DaemonSet without a pod on the node, since the namespace refuses them: only its Events would say so. */
function podSecurity({ explained: { namespace }, daemonSet }: Scene): Obstacle | undefined {
  if (namespace === undefined || daemonSet === undefined) return undefined;
  const verdict = podSecurityVerdict(namespace, daemonSet);
  if (verdict.kind === 'allowed') return undefined;
  return {
    why: verdict.message,
    next: `"kubectl label namespace ${namespace.name} ${enforceLabel}=privileged --overwrite"`,
  };
}

function kernelLabel({ daemonSet, node, target }: Scene): Obstacle | undefined {
  const value = node.metadata.labels[labels.kernelVersion];
  const wanted = kernelLabelValue(target.kernelVersion);
  if (daemonSet === undefined || value === wanted) return undefined;
  const is = value === undefined ? 'missing' : `"${value}"`;
  return {
    why: `label ${labels.kernelVersion} of the node is ${is}, not "${wanted}"`,
    next: 'apply the label policy to the cluster, or let the functions label nodes (labelKernels)',
  };
}

function version({ explained: { module }, daemonSet, node }: Scene): Obstacle | undefined {
  const wanted = module.spec?.moduleLoader?.container?.version;
  const key = labels.versionModule(module.namespace, module.name);
  if (daemonSet === undefined || !wanted || node.metadata.labels[key] === wanted) return undefined;
  return {
    why: `the Module has version ${wanted}, and the node lacks label ${key}=${wanted}`,
    next: `"kubectl label node ${node.metadata.name} ${key}=${wanted} --overwrite" when it may have that version`,
  };
}

function neverLookedAt({ target }: Scene): Obstacle | undefined {
  return target.state === undefined
    ? { why: 'the functions have not looked at this kernel yet', next: target.next }
    : undefined;
}

function noPod({ target, pod }: Scene): Obstacle | undefined {
  if (pod !== undefined || (target.state !== 'Ready' && target.state !== 'RollingOut')) return undefined;
  return {
    why: `no pod of ${target.daemonSet ?? 'its DaemonSet'} is on the node yet`,
    next: 'wait for the DaemonSet controller; a taint that its pods do not tolerate keeps them away, and so does OpenShift without an SCC for them',
  };
}

import pLimit from 'p-limit';
import { type NodePatch, planNodeLabels } from '../desired/node-labels.ts';
import { planVersionLabels } from '../desired/version-labels.ts';
import type { Trigger } from '../events/trigger.ts';
import { betaPrefix, labels, prefix, roles } from '../kmm/labels.ts';
import type { Node, Pod } from '../kubernetes/objects.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import type { KnownModule } from '../reconcile/known-module.ts';
import { publishNodeEvents } from './publish-node-events.ts';
import type { Fleet } from './read-fleet.ts';
import type { RunReads } from './run-reads.ts';

/** Beyond this many nodes one list of all our pods is cheaper than one per node. */
const mostPodLists = 10;
const patchesAtOnce = 16;
const ours = `${labels.daemonSet},${labels.moduleName}`;

/** What could not be labelled, by node; `all` when not even the reads succeeded. */
export interface LabelFailures {
  all?: Error;
  nodes: ReadonlyMap<string, Error>;
}

/**
 * Ready, kernel and version labels of the nodes that a batch is about: one patch per node for all Modules, computed from
 * the pods that stand now. A node that can't be patched stops no other; the triggers that are about it come again.
 */
export async function labelNodes(
  triggers: readonly Trigger[],
  fleet: Fleet,
  ports: TargetPorts,
  reads: RunReads,
): Promise<LabelFailures> {
  const failed = new Map<string, Error>();
  try {
    const nodes = await concernedNodes(triggers, fleet, ports);
    const pods = await podsOn(nodesToRead(nodes, triggers), ports, reads);
    const limit = pLimit(patchesAtOnce);
    const label = async (node: Node) => {
      try {
        await labelNode(node, pods(node.metadata.name), fleet.modules, ports);
      } catch (cause) {
        const error = toError(cause);
        ports.log.error('a node could not be labelled', { node: node.metadata.name, error: error.message });
        failed.set(node.metadata.name, error);
      }
    };
    await Promise.all(nodes.map((node) => limit(() => label(node))));
    return { nodes: failed };
  } catch (cause) {
    ports.log.error('nodes could not be labelled', { error: String(cause) });
    return { all: toError(cause), nodes: failed };
  }
}

function toError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause));
}

/**
 * The nodes whose pods are read. One without a mark of ours can't lose any, and where a pod became ready its own event names
 * it; a sweep looks at all of them, since that event may have been lost.
 */
function nodesToRead(nodes: readonly Node[], triggers: readonly Trigger[]): readonly Node[] {
  if (triggers.some(({ kind }) => kind === 'resolve')) return nodes;
  const named = new Set(
    triggers.flatMap((trigger) => (trigger.kind === 'rollout' && trigger.node ? [trigger.node] : [])),
  );
  return nodes.filter((node) => named.has(node.metadata.name) || isMarked(node));
}

async function concernedNodes(triggers: readonly Trigger[], fleet: Fleet, { cluster }: TargetPorts): Promise<Node[]> {
  if (fleet.allNodes !== undefined && triggers.some(({ kind }) => kind === 'resolve')) return [...fleet.allNodes];
  const nodes = new Map(fleet.nodes);
  for (const trigger of triggers) {
    if (trigger.kind !== 'module' || !trigger.deleted) continue;
    const labelSelector = labels.ready(trigger.namespace, trigger.name);
    for (const node of await cluster.list('Node', { labelSelector })) nodes.set(node.metadata.name, node);
  }
  return [...nodes.values()];
}

function isMarked({ metadata }: Node): boolean {
  const keys = [...Object.keys(metadata.labels), ...Object.keys(metadata.annotations)];
  return keys.some((key) => key !== labels.kernelVersion && (key.startsWith(prefix) || key.startsWith(betaPrefix)));
}

async function podsOn(
  nodes: readonly Node[],
  { cluster }: TargetPorts,
  reads: RunReads,
): Promise<(node: string) => Pod[]> {
  const byNode = new Map<string, Pod[]>();
  const add = (pods: readonly Pod[]) => {
    for (const pod of pods) {
      const name = pod.spec?.nodeName ?? '';
      byNode.set(name, [...(byNode.get(name) ?? []), pod]);
    }
  };
  if (nodes.length > mostPodLists)
    add(await reads.once('our pods', () => cluster.list('Pod', { labelSelector: ours })));
  else {
    const lists = nodes.map(({ metadata }) =>
      cluster.list('Pod', { labelSelector: ours, fieldSelector: `spec.nodeName=${metadata.name}` }),
    );
    for (const pods of await Promise.all(lists)) add(pods);
  }
  return (node) => byNode.get(node) ?? [];
}

async function labelNode(node: Node, pods: Pod[], modules: readonly KnownModule[], ports: TargetPorts): Promise<void> {
  const { namespaces } = ports.settings;
  const ready = planNodeLabels({ node, pods, ...(namespaces && { namespaces }) });
  const after = { ...node.metadata.labels, ...(ready?.metadata.labels ?? {}) };
  const versions = versionSteps(after, pods, modules);
  if (ready === undefined && Object.keys(versions).length === 0) return;
  const patch: NodePatch = {
    metadata: { ...ready?.metadata, labels: { ...ready?.metadata.labels, ...versions } },
  };
  const patched = await ports.cluster.patch('Node', { name: node.metadata.name }, { ...patch });
  if (patched === 'absent') return;
  ports.log.info('node labels', { node: node.metadata.name, ...patch.metadata });
  await publishNodeEvents(node, patch, ports);
}

/** One step of the ordered upgrade per Module with a version that this node is marked for. */
function versionSteps(
  nodeLabels: Record<string, string | null>,
  pods: readonly Pod[],
  modules: readonly KnownModule[],
): Record<string, string | null> {
  const present = Object.fromEntries(
    Object.entries(nodeLabels).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  );
  const marked = Object.keys(present).some(
    (key) => key.startsWith(`${prefix}version-module.`) || key.startsWith(betaPrefix),
  );
  if (!marked) return {};
  const steps = modules.map(({ namespace, name }) => {
    const devicePluginRuns = pods.some(
      ({ metadata }) =>
        metadata.namespace === namespace &&
        metadata.labels[labels.moduleName] === name &&
        metadata.labels[labels.role] === roles.devicePlugin,
    );
    const ready = present[labels.ready(namespace, name)] !== undefined;
    return planVersionLabels(present, { namespace, module: name, ready, devicePluginRuns });
  });
  return Object.fromEntries(
    steps.flatMap((step) => (step !== undefined && 'label' in step ? [[step.label, step.value]] : [])),
  );
}

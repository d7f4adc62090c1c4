import type { NodeTrigger } from '../events/trigger.ts';
import type { Node } from '../kubernetes/objects.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import type { RunReads } from './run-reads.ts';
import { rereadAfterMs, untilLanded } from './until-landed.ts';

/** Beyond this many nodes one paged list is cheaper than a GET each. */
export const mostGets = 20;

/** Reads the node that a trigger is about, once the API shows what the trigger promised. A queue's delay usually makes it one read. */
export async function readNode(
  trigger: Pick<NodeTrigger, 'name' | 'hint'>,
  ports: Pick<TargetPorts, 'cluster' | 'sleep'>,
  reads: Pick<RunReads, 'node'>,
): Promise<Node | undefined> {
  return untilLanded(
    (again) => (again ? ports.cluster.get('Node', { name: trigger.name }) : reads.node(trigger.name)),
    (node) => trigger.hint === undefined || isShown(node, trigger.hint),
    ports.sleep,
  );
}

/**
 * The same for more nodes than one would GET: one list, and again while the API does not show all that was promised. A few
 * late ones are read by name.
 */
export async function readListedNodes(
  triggers: readonly Pick<NodeTrigger, 'name' | 'hint'>[],
  ports: Pick<TargetPorts, 'cluster' | 'sleep'>,
  reads: Pick<RunReads, 'allNodes'>,
): Promise<Node[]> {
  let nodes = byName(await reads.allNodes());
  for (const wait of rereadAfterMs) {
    const late = triggers.filter(({ name, hint }) => hint !== undefined && !isShown(nodes.get(name), hint));
    if (late.length === 0) break;
    await ports.sleep(wait);
    for (const node of await readLate(late, ports)) nodes = nodes.set(node.metadata.name, node);
  }
  return triggers.flatMap(({ name }) => nodes.get(name) ?? []);
}

async function readLate(
  late: readonly Pick<NodeTrigger, 'name'>[],
  { cluster }: Pick<TargetPorts, 'cluster'>,
): Promise<Node[]> {
  if (late.length > mostGets) return cluster.list('Node');
  const read = await Promise.all(late.map(({ name }) => cluster.get('Node', { name })));
  return read.filter((node) => node !== undefined);
}

function byName(nodes: readonly Node[]): Map<string, Node> {
  return new Map(nodes.map((node) => [node.metadata.name, node]));
}

function isShown(node: Node | undefined, hint: NodeTrigger['hint']): boolean {
  return node !== undefined && hasLanded(node, hint);
}

function hasLanded(node: Node, hint: NodeTrigger['hint']): boolean {
  const info = node.status?.nodeInfo;
  if (hint === undefined) return true;
  return info?.kernelVersion === hint.kernelVersion && (hint.bootID === '' || info.bootID === hint.bootID);
}

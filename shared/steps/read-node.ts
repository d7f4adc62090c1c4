import type { NodeTrigger } from '../events/trigger.ts';
import type { Node } from '../kubernetes/objects.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import type { RunReads } from './run-reads.ts';

/**
 * A review comes before the write that it is about: the object is read again after these. Absent or still as before after the
 * last, the event is dropped, and the sweep has the node.
 */
const rereadAfterMs = [50, 250, 1000];

/** Reads the node that a trigger is about, once the API shows what the trigger promised. A queue's delay usually makes it one read. */
export async function readNode(
  trigger: Pick<NodeTrigger, 'name' | 'hint'>,
  ports: Pick<TargetPorts, 'cluster' | 'sleep'>,
  reads: Pick<RunReads, 'node'>,
): Promise<Node | undefined> {
  let node = await reads.node(trigger.name);
  for (const wait of rereadAfterMs) {
    if (node !== undefined && hasLanded(node, trigger.hint)) return node;
    if (trigger.hint === undefined) return node;
    await ports.sleep(wait);
    node = await ports.cluster.get('Node', { name: trigger.name });
  }
  return node;
}

function hasLanded(node: Node, hint: NodeTrigger['hint']): boolean {
  const info = node.status?.nodeInfo;
  if (hint === undefined) return true;
  return info?.kernelVersion === hint.kernelVersion && (hint.bootID === '' || info.bootID === hint.bootID);
}

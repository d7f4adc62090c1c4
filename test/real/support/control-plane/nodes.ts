import { setTimeout } from 'node:timers/promises';
import { createLimiter } from '../../../../shared/adapters/kubernetes/limiter.ts';
import type { Node } from '../../../../shared/kubernetes/objects.ts';
import type { Cluster } from '../../../../shared/ports/cluster.ts';

export interface NodeToAdd {
  name: string;
  /** `uname -r`. */
  kernelVersion: string;
  architecture?: 'amd64' | 'arm64';
  bootId?: string;
  labels?: Record<string, string>;
  taints?: readonly { key: string; value?: string; effect: string }[];
}

/** Creates nodes, 16 at a time, as a kubelet does: the kernel stands in the create already. kwok then makes them Ready. */
export async function addNodes(cluster: Cluster, nodes: readonly NodeToAdd[]): Promise<void> {
  const limited = createLimiter(16);
  await Promise.all(nodes.map((node) => limited(() => addNode(cluster, node))));
}

/**
 * Waits until kwok has made them Ready. A kernel that is changed before may come back: kwok's first status writes what it
 * read at first.
 */
export async function nodesReady(cluster: Cluster, names: readonly string[], withinMs = 60_000): Promise<void> {
  const missing = new Set(names);
  for (const end = Date.now() + withinMs; Date.now() < end; await setTimeout(100)) {
    for (const node of await cluster.list('Node')) if (isReady(node)) missing.delete(node.metadata.name);
    if (missing.size === 0) return;
  }
  throw new Error(`Not Ready within ${withinMs} ms: ${[...missing].join(', ')}`);
}

/** As after a reboot into another kernel: the kubelet's next status says it, with another boot id. */
export async function changeKernel(
  cluster: Cluster,
  name: string,
  kernelVersion: string,
  bootId: string,
): Promise<void> {
  const nodeInfo = { kernelVersion, bootID: bootId };
  const changed = await cluster.patch('Node', { name }, { status: { nodeInfo } }, { subresource: 'status' });
  if (changed === 'absent') throw new Error(`There is no node ${name}`);
}

async function addNode(cluster: Cluster, node: NodeToAdd): Promise<void> {
  const { name, kernelVersion, architecture = 'amd64', bootId = `boot-of-${name}`, labels = {}, taints = [] } = node;
  const own = { 'kubernetes.io/hostname': name, 'kubernetes.io/arch': architecture, 'kubernetes.io/os': 'linux' };
  const outcome = await cluster.create({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { ...own, ...labels } },
    spec: { ...(taints.length > 0 && { taints }) },
    status: { nodeInfo: nodeInfo(kernelVersion, bootId, architecture), allocatable: capacity, capacity },
  });
  if (outcome === 'exists') throw new Error(`There is a node ${name} already`);
}

const capacity = { cpu: '32', memory: '256Gi', pods: '110' };

/** The API wants all fields. */
function nodeInfo(kernelVersion: string, bootID: string, architecture: string): object {
  const versions = { containerRuntimeVersion: 'kwok', kubeletVersion: 'v1.36.3', kubeProxyVersion: '' };
  const system = { machineID: bootID, systemUUID: bootID, osImage: 'kwok', operatingSystem: 'linux' };
  return { ...versions, ...system, kernelVersion, bootID, architecture };
}

function isReady(node: Node): boolean {
  return node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

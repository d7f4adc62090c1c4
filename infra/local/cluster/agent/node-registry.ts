import { randomUUID } from 'node:crypto';
import type { Taint } from '../../../../shared/kubernetes/objects.ts';
import { type StoredObject, timestamp, toJson } from '../store/object.ts';
import type { ClusterStore } from '../store/store.ts';

export interface NewNode {
  name: string;
  kernelVersion: string;
  /** `amd64` by default. */
  architecture?: string;
  osImage?: string;
  labels?: Record<string, string>;
  taints?: Taint[];
}

/** What happens to nodes themselves. */
export interface NodeRegistry {
  /** A kubelet registers: one POST with the whole status, as a real one sends it, but Ready at once. */
  joinNode(node: NewNode): StoredObject;
  /** A new boot, perhaps into another kernel; like a quick real reboot it never shows NotReady. */
  rebootNode(name: string, kernelVersion?: string): StoredObject;
  /** `Unknown`: the kubelet falls silent. Its pods stay, but are not Ready. */
  setNodeReady(name: string, status: 'True' | 'False' | 'Unknown'): StoredObject;
  removeNode(name: string): void;
}

export function createNodeRegistry(store: ClusterStore, now: () => Date): NodeRegistry {
  const patchStatus = (name: string, status: object) =>
    store.patch('Node', { name }, toJson({ status }), { subresource: 'status' });

  return {
    joinNode: (node) => store.create('Node', undefined, nodeObject(node, now())),
    rebootNode(name, kernelVersion) {
      const bootID = randomUUID();
      return patchStatus(name, { nodeInfo: kernelVersion === undefined ? { bootID } : { bootID, kernelVersion } });
    },
    setNodeReady: (name, status) => patchStatus(name, { conditions: [readyCondition(status, now())] }),
    removeNode: (name) => void store.delete('Node', { name }),
  };
}

function nodeObject(node: NewNode, now: Date): object {
  const { name, kernelVersion, architecture = 'amd64', osImage = 'Linux', taints } = node;
  const own = { 'kubernetes.io/arch': architecture, 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' };
  return {
    metadata: { name, labels: { ...own, ...node.labels } },
    spec: taints ? { taints } : {},
    status: {
      nodeInfo: {
        kernelVersion,
        architecture,
        bootID: randomUUID(),
        osImage,
        operatingSystem: 'linux',
        kubeletVersion: 'v1.36.0',
      },
      conditions: [readyCondition('True', now)],
      addresses: [{ type: 'Hostname', address: name }],
    },
  };
}

function readyCondition(status: 'True' | 'False' | 'Unknown', now: Date): object {
  const reason = status === 'True' ? 'KubeletReady' : status === 'False' ? 'KubeletNotReady' : 'NodeStatusUnknown';
  return { type: 'Ready', status, reason, lastTransitionTime: timestamp(now) };
}

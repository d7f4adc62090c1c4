import type { NewNode } from './cluster/agent/node-registry.ts';

/** Nodes of one kernel, and when the story pushes its image. */
export interface SampleKernel {
  kernelVersion: string;
  architecture: 'amd64' | 'arm64';
  osImage: string;
  nodes: readonly string[];
  /** `before`: somebody built it earlier. `later`: while its nodes wait, and then once more. `never`: nobody builds it. */
  pushed: 'before' | 'later' | 'never';
}

/** Kernels whose nodes join together, and what is known of them by then. */
export interface SampleGroup {
  says: string;
  kernels: readonly SampleKernel[];
}

const amd64 = { architecture: 'amd64', pushed: 'before' } as const;

/** A fleet as it grows: several distributions, two architectures, a kernel that nobody has an image for. */
export const sampleFleet: readonly SampleGroup[] = [
  {
    says: 'Two nodes with Debian 12 join. The Module names their kernel.',
    kernels: [
      { ...amd64, kernelVersion: '6.1.0-47-amd64', osImage: 'Debian 12', nodes: ['debian-12-a', 'debian-12-b'] },
    ],
  },
  {
    says: 'Nodes with Debian 13 and Ubuntu join, one of them with an arm64 processor.',
    kernels: [
      { ...amd64, kernelVersion: '6.12.57+deb13-amd64', osImage: 'Debian 13', nodes: ['debian-13'] },
      {
        ...amd64,
        kernelVersion: '6.12.57+deb13-arm64',
        architecture: 'arm64',
        osImage: 'Debian 13',
        nodes: ['debian-13-arm'],
      },
      { ...amd64, kernelVersion: '6.8.0-90-generic', osImage: 'Ubuntu 24.04', nodes: ['ubuntu-24'] },
    ],
  },
  {
    says: 'Three nodes with Fedora 37 join. CI is still building the image for their kernel.',
    kernels: [
      {
        ...amd64,
        kernelVersion: '6.0.15-300.fc37.x86_64',
        osImage: 'Fedora 37',
        nodes: ['fedora-37-a', 'fedora-37-b', 'fedora-37-c'],
        pushed: 'later',
      },
    ],
  },
  {
    says: 'A node with Rocky Linux 9 joins. Nobody has built an image for its kernel.',
    kernels: [
      {
        ...amd64,
        kernelVersion: '5.14.0-611.5.1.el9_7.x86_64',
        osImage: 'Rocky Linux 9',
        nodes: ['rocky-9'],
        pushed: 'never',
      },
    ],
  },
];

export const sampleKernels: readonly SampleKernel[] = sampleFleet.flatMap(({ kernels }) => kernels);

export function nodesOf({ nodes, kernelVersion, architecture, osImage }: SampleKernel): NewNode[] {
  return nodes.map((name) => workerNode({ name, kernelVersion, architecture, osImage }));
}

/** A node that the sample Module selects. */
export function workerNode(node: NewNode): NewNode {
  return { ...node, labels: { 'node-role.kubernetes.io/worker': '' } };
}

/** The same as an object, as its kubelet would post it: for `kubectl create -f` and curl. */
export function nodeManifest({ name, kernelVersion, architecture = 'amd64' }: NewNode): object {
  const { labels = {} } = workerNode({ name, kernelVersion });
  const own = { 'kubernetes.io/arch': architecture, 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { ...own, ...labels } },
    status: {
      nodeInfo: { kernelVersion, architecture, bootID: name, operatingSystem: 'linux' },
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
    },
  };
}

import * as z from 'zod';
import { pushTinyImage } from '../../../../infra/local/registry/push-tiny-image.ts';
import { buildTinyImage, type TinyImage } from '../../../../infra/local/registry/tiny-image.ts';
import { normalizeKernelVersion } from '../../../../shared/kernel/kernel-version.ts';
import { annotations, entryKey, labels, roles } from '../../../../shared/kmm/labels.ts';
import { type KernelEntry, type ModuleStatus, parseModuleStatus, type State } from '../../../../shared/kmm/status.ts';
import type { DaemonSet, Node, Pod } from '../../../../shared/kubernetes/objects.ts';
import { apiPath } from '../../../../shared/kubernetes/resources.ts';
import type { Digest } from '../../../../shared/oci/digest.ts';
import { type ModuleOverrides, rawModule } from '../../../builders/module.ts';
import { addNodes, type NodeToAdd, nodesReady } from '../../support/control-plane/nodes.ts';
import { eventually } from './eventually.ts';
import { namespace } from './install.ts';
import type { Story } from './start-story.ts';

/** One Module of a story with its images and its nodes, and how they are seen from outside. */
export interface Fleet {
  readonly name: string;
  /** What the Module selects. */
  readonly selector: Record<string, string>;
  create(overrides?: ModuleOverrides): Promise<void>;
  /** Pushes an image for a kernel; another content is another digest. */
  push(kernelVersion: string, image?: TinyImage | string): Promise<Digest>;
  /** Adds selected nodes. */
  join(names: readonly string[], kernelVersion: string, node?: Partial<NodeToAdd>): Promise<void>;
  /** Until kwok has made them Ready: before it a changed kernel may come back. */
  nodesReady(names: readonly string[]): Promise<void>;
  status(): Promise<ModuleStatus>;
  entry(kernelVersion: string): Promise<KernelEntry | undefined>;
  /** Waits for a target's state. */
  state(kernelVersion: string, state: State, withinMs?: number): Promise<KernelEntry>;
  /** The loader DaemonSet of a kernel. */
  loader(kernelVersion: string): Promise<DaemonSet | undefined>;
  plugin(): Promise<DaemonSet | undefined>;
  /** Loader pods that are not being deleted. */
  loaderPods(): Promise<Pod[]>;
  pluginPods(): Promise<Pod[]>;
  /** Nodes whose loader runs this digest and is ready. */
  runningOn(digest: Digest): Promise<string[]>;
  node(name: string): Promise<Node | undefined>;
  nodes(): Promise<Node[]>;
  isLabelledReady(name: string): Promise<boolean>;
  /** Waits until exactly these nodes of the fleet bear the ready label. */
  readyOn(names: readonly string[], withinMs?: number): Promise<void>;
  patchNode(name: string, patch: Record<string, unknown>): Promise<void>;
}

/** A device plugin for stories that are about one. */
export const withPlugin: ModuleOverrides = {
  spec: { devicePlugin: { container: { image: 'registry.example/acme/plugin:1.0' } } },
};

export function fleet(story: Pick<Story, 'cluster' | 'registry' | 'plane'>, name: string): Fleet {
  const { cluster, registry, plane } = story;
  const selector = { [`story.example/${name}`]: 'yes' };
  const ofModule = { namespace, labelSelector: `${labels.moduleName}=${name}` };
  const repository = `stories/${name}`;
  const status = async () => parseModuleStatus((await cluster.get('Module', { namespace, name }))?.status);
  const entry = async (kernelVersion: string) =>
    (await status()).kernels[entryKey({ kernelVersion, architecture: 'amd64' })];
  const daemonSets = (role: string) =>
    cluster
      .list('DaemonSet', ofModule)
      .then((all) => all.filter(({ metadata }) => metadata.labels[labels.role] === role));
  const pods = async (role: string) =>
    (await cluster.list('Pod', ofModule)).filter(
      ({ metadata }) => metadata.labels[labels.role] === role && metadata.deletionTimestamp === undefined,
    );
  const readyNodes = async () =>
    (await cluster.list('Node', { labelSelector: labels.ready(namespace, name) }))
      .map(({ metadata }) => metadata.name)
      .sort();
  return {
    name,
    selector,
    async create(overrides = {}) {
      const module = rawModule({
        ...overrides,
        metadata: { name, namespace, ...overrides.metadata },
        spec: { selector, ...overrides.spec },
        container: { containerImage: `${registry.host}/${repository}:\${KERNEL_FULL_VERSION}`, ...overrides.container },
      });
      await plane.api.call('POST', apiPath('Module', { namespace }), module);
    },
    push(kernelVersion, image = 'first') {
      const pushed = typeof image === 'string' ? kmodImage(kernelVersion, name, image) : image;
      // A tag is the kernel as templates write it.
      return pushTinyImage(registry.url, repository, normalizeKernelVersion(kernelVersion), pushed);
    },
    join: (names, kernelVersion, node = {}) =>
      addNodes(
        cluster,
        names.map((own) => ({ kernelVersion, ...node, name: own, labels: { ...selector, ...node.labels } })),
      ),
    nodesReady: (names) => nodesReady(cluster, names),
    status,
    entry,
    state: (kernelVersion, state, withinMs) =>
      eventually(
        `${name} on ${kernelVersion} is ${state}`,
        async () => {
          const found = await entry(kernelVersion);
          return found?.state === state ? found : undefined;
        },
        { withinMs },
      ),
    loader: async (kernelVersion) =>
      (await daemonSets(roles.moduleLoader)).find(
        ({ metadata }) => metadata.annotations[annotations.kernelVersion] === kernelVersion,
      ),
    plugin: async () => (await daemonSets(roles.devicePlugin))[0],
    loaderPods: () => pods(roles.moduleLoader),
    pluginPods: () => pods(roles.devicePlugin),
    async runningOn(digest) {
      const query = new URLSearchParams({ labelSelector: `${labels.moduleName}=${name}` });
      const { items } = RunningPods.parse(await plane.api.call('GET', `${apiPath('Pod', { namespace })}?${query}`));
      const running = items.filter(({ status }) =>
        status.containerStatuses.some(({ image, ready }) => ready && image.endsWith(digest)),
      );
      return running.map(({ spec }) => spec.nodeName ?? '').sort();
    },
    node: (own) => cluster.get('Node', { name: own }),
    nodes: () => cluster.list('Node', { labelSelector: `story.example/${name}` }),
    isLabelledReady: async (own) => (await readyNodes()).includes(own),
    async readyOn(names, withinMs) {
      const wanted = [...names].sort().join();
      await eventually(
        `${name} is labelled ready on ${wanted || 'no node'}`,
        async () => (await readyNodes()).join() === wanted || undefined,
        { withinMs },
      );
    },
    async patchNode(own, patch) {
      if ((await cluster.patch('Node', { name: own }, patch)) === 'absent') throw new Error(`There is no node ${own}`);
    },
  };
}

const RunningPods = z.object({
  items: z.array(
    z.object({
      spec: z.object({ nodeName: z.string().optional() }),
      status: z.object({
        containerStatuses: z.array(z.object({ image: z.string(), ready: z.boolean() })).default([]),
      }),
    }),
  ),
});

function kmodImage(kernelVersion: string, name: string, content: string): TinyImage {
  return buildTinyImage({ files: { [`opt/lib/modules/${kernelVersion}/${name}.ko`]: `${content}\n` } });
}

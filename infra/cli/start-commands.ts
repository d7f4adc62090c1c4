import { annotations, labels } from '../../shared/kmm/labels.ts';
import { toKnownModule } from '../../shared/reconcile/known-module.ts';
import type { LocalCluster } from '../local/cluster/create-local-cluster.ts';
import type { LocalStack } from '../local/local-stack.ts';
import { pushKmodImage } from '../local/push-kmod-image.ts';
import type { LocalRegistry } from '../local/registry/local-registry.ts';
import { workerNode } from '../local/sample-fleet.ts';
import { sampleNames } from '../local/sample-module.ts';
import { UsageError } from './errors.ts';
import type { Narrator } from './narrate.ts';
import { parseFault } from './start-options.ts';
import { overview } from './start-overview.ts';

interface PromptCommand {
  usage: string;
  help: string;
  run(args: string[], stack: LocalStack, narrator: Narrator): Promise<void> | void;
}

/** What can be typed while it runs. What comes of it is told by the functions themselves. */
export const commands: Partial<Record<string, PromptCommand>> = {
  join: {
    usage: 'join KERNEL [ARCH]',
    help: 'A node with this kernel joins',
    run([kernelVersion, architecture = 'amd64'], stack) {
      const { store, nodes } = clusterOf(stack);
      const count = store.objects('Node').length;
      const name = `node-${count + 1}-${Date.now().toString(36).slice(-4)}`;
      nodes.joinNode(workerNode({ name, kernelVersion: needed(kernelVersion, 'join'), architecture }));
    },
  },
  leave: {
    usage: 'leave NODE',
    help: 'A node goes',
    run: ([name], stack) => clusterOf(stack).nodes.removeNode(needed(name, 'leave')),
  },
  reboot: {
    usage: 'reboot NODE [KERNEL]',
    help: 'A node boots, perhaps into another kernel',
    run: ([name, kernel], stack) => void clusterOf(stack).nodes.rebootNode(needed(name, 'reboot'), kernel),
  },
  push: {
    usage: 'push KERNEL [ARCH]',
    help: 'The image that the Module names for this kernel is pushed, with new content',
    async run([kernel, architecture = 'amd64'], { outside }) {
      const kernelVersion = needed(kernel, 'push');
      const reference = await imageFor(kernelVersion, outside.cluster);
      await pushKmodImage({ reference, kernelVersion, architectures: [architecture], revision: Date.now() });
    },
  },
  break: {
    usage: 'break [unavailable|unauthorized|rate-limited|slow]',
    help: 'The registry answers nobody any more',
    run([fault = 'unavailable'], stack, { note }) {
      registryOf(stack).setFault(parseFault(fault));
      note('What runs goes on running. A node that joins with a new kernel now waits in RegistryUnreachable.');
    },
  },
  fix: {
    usage: 'fix',
    help: 'The registry answers again; targets that wait ask again within a minute',
    run(_, stack) {
      registryOf(stack).setFault(undefined);
      stack.cluster?.nodes.recheckImages();
    },
  },
  resolve: {
    usage: 'resolve',
    help: 'Everything is looked at anew, now',
    async run(_, { outside }) {
      const metadata = { annotations: { [annotations.reResolve]: new Date().toISOString() } };
      await outside.cluster.patch('Module', sample, { metadata });
    },
  },
  nodes: {
    usage: 'nodes',
    help: 'All nodes, their kernels, and where the module is loaded',
    async run(_, { outside }, { note }) {
      const ready = labels.ready(sampleNames.namespace, sampleNames.module);
      for (const { metadata, status } of await outside.cluster.list('Node')) {
        const loaded = ready in metadata.labels ? 'loaded' : 'not loaded';
        note(`${metadata.name.padEnd(16)} ${(status?.nodeInfo?.kernelVersion ?? '').padEnd(30)} ${loaded}`);
      }
    },
  },
  explain: {
    usage: 'explain',
    help: 'All targets and how they stand; kmm explain says more',
    async run(_, { outside }, { note }) {
      const { lines, problems } = await overview(outside.cluster);
      [...lines, ...problems].forEach(note);
    },
  },
  help: {
    usage: 'help',
    help: 'These lines; quit ends everything',
    run(_, __, { note }) {
      for (const command of Object.values(commands)) if (command) note(`  ${command.usage.padEnd(50)} ${command.help}`);
    },
  },
};

const sample = { namespace: sampleNames.namespace, name: sampleNames.module };

async function imageFor(kernelVersion: string, cluster: LocalStack['outside']['cluster']): Promise<string> {
  const module = await cluster.get('Module', sample);
  const resolution = module && toKnownModule(module).resolve(kernelVersion);
  if (resolution?.outcome === 'resolved') return resolution.data.containerImage;
  throw new UsageError(`the Module ${sample.namespace}/${sample.name} names no image for ${kernelVersion}`);
}

function needed(value: string | undefined, command: string): string {
  if (value !== undefined) return value;
  throw new UsageError(`write it as: ${commands[command]?.usage}`);
}

function clusterOf({ cluster }: LocalStack): LocalCluster {
  if (cluster !== undefined) return cluster;
  throw new UsageError('the nodes are those of another cluster: that is where they join and leave');
}

function registryOf({ registry }: LocalStack): LocalRegistry {
  if (registry !== undefined) return registry;
  throw new UsageError('the registry is another process’s: break it there');
}

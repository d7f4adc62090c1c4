import { setTimeout } from 'node:timers/promises';
import { createLocalCluster, type LocalCluster } from '../../../infra/local/cluster/create-local-cluster.ts';
import { pushKmodImage } from '../../../infra/local/push-kmod-image.ts';
import { createLocalRegistry, type LocalRegistry } from '../../../infra/local/registry/local-registry.ts';
import { createKubernetesCluster } from '../../../shared/adapters/kubernetes/create-kubernetes-cluster.ts';
import { createImageFinder } from '../../../shared/adapters/oci-registry/create-image-finder.ts';
import { defaultDesiredSettings } from '../../../shared/desired/settings.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import type { TargetPorts } from '../../../shared/ports/target-ports.ts';
import { rawModule } from '../../builders/module.ts';
import { createFakeBus } from '../../fakes/bus.ts';
import { createFakeLogger } from '../../fakes/logger.ts';

export const namespace = 'gpu';
export const worker = { 'example.com/acme': 'present' };

export interface LocalFleet extends AsyncDisposable {
  cluster: LocalCluster;
  registry: LocalRegistry;
  /** Real clients of both, over loopback; only the bus is in memory. */
  ports: TargetPorts;
}

/** The embedded cluster and registry with some Modules, `module-<n>`, and an image of each for each kernel. */
export async function startLocalFleet(of: { modules: number; kernels: readonly string[] }): Promise<LocalFleet> {
  const registry = await createLocalRegistry();
  const cluster = await createLocalCluster();
  cluster.store.create('Namespace', undefined, { metadata: { name: namespace } });
  for (let index = 0; index < of.modules; index += 1) {
    const name = `module-${index}`;
    const image = `${registry.host}/acme/${name}`;
    cluster.store.create('Module', namespace, moduleObject(name, image));
    for (const kernelVersion of of.kernels) {
      const reference = `${image}:${kernelVersion}`;
      await pushKmodImage({ reference, kernelVersion, architectures: ['amd64'], revision: 1 });
    }
  }
  registry.requests.clear();
  return {
    cluster,
    registry,
    ports: portsOf(cluster, registry),
    async [Symbol.asyncDispose]() {
      await cluster.close();
      await registry.close();
    },
  };
}

function moduleObject(name: string, image: string): object {
  return rawModule({
    metadata: { name, namespace },
    container: { containerImage: `${image}:\${KERNEL_FULL_VERSION}` },
    modprobe: { moduleName: name.replace('-', '_') },
  });
}

function portsOf(cluster: LocalCluster, { host }: LocalRegistry): TargetPorts {
  return {
    cluster: createKubernetesCluster({ server: cluster.url }),
    images: createImageFinder({ plainHttp: [host], loopbackRegistries: [host] }),
    bus: createFakeBus(),
    log: createFakeLogger(),
    now: () => new Date(),
    sleep: (milliseconds) => setTimeout(milliseconds),
    settings: {
      desired: defaultDesiredSettings,
      grants: [],
      ignoredTaints: defaultIgnoredTaints,
      hostAliases: {},
      inspector: false,
      maxKernels: 64,
    },
  };
}

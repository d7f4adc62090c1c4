import type { Logger } from '../../shared/ports/logger.ts';
import { createLocalCluster, type LocalCluster } from './cluster/create-local-cluster.ts';
import { imageInRegistry } from './image-in-registry.ts';
import { observePods } from './observe-pods.ts';
import { nodeManifest } from './sample-fleet.ts';
import { sampleModule } from './sample-module.ts';
import type { Tell } from './stack-event.ts';
import type { StackFolder } from './stack-folder.ts';

export interface StackClusterOptions {
  /** 0: any free one. */
  port: number;
  /** Where its nodes pull from. */
  registryHost: string;
  minReadySpeed: number | undefined;
  log: Logger;
  tell: Tell;
}

/** The embedded cluster, with a kubeconfig for others and samples to apply in the folder. */
export async function startCluster(
  folder: StackFolder,
  { port, registryHost, minReadySpeed, log, tell }: StackClusterOptions,
): Promise<{ cluster: LocalCluster; kubeconfig: string }> {
  const cluster = await createLocalCluster({
    port,
    minReadySpeed,
    imageExists: imageInRegistry(`http://${registryHost}`),
    failed: (key, error) => log.error('The embedded cluster failed', { key, error }),
    ...(folder.isKept && { dataDir: `${folder.path}/cluster` }),
  });
  observePods(cluster.store, tell);
  const node = nodeManifest({ name: 'another-node', kernelVersion: '6.8.0-90-generic' });
  await folder.write('sample-node.json', `${JSON.stringify(node, null, 2)}\n`);
  await folder.write('sample-module.yaml', sampleModule(registryHost));
  return { cluster, kubeconfig: await folder.write('kubeconfig', cluster.kubeconfig()) };
}

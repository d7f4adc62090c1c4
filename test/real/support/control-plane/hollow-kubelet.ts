import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { type TemporaryFolder, temporaryFolder } from '../temporary-folder.ts';
import { ensureHollowKubelet } from './binary.ts';
import { type Component, startComponent } from './component.ts';
import type { ControlPlane } from './start-control-plane.ts';
import { until } from './until.ts';

export interface HollowKubelet {
  logs(): Promise<string>;
  /** Its Node stays. */
  stop(): Promise<void>;
}

/**
 * A kubelet's real code that registers the node `name` as itself (NodeRestriction applies), with this machine's kernel, and
 * plays its pods; returns when the Node stands. Keep it for the length of a test: its port listens on all interfaces.
 */
export async function startHollowKubelet(plane: ControlPlane, name: string): Promise<HollowKubelet> {
  const binary = await ensureHollowKubelet();
  const kubeconfig = await plane.kubeconfigFor(`system:node:${name}`, ['system:nodes']);
  const folder = await temporaryFolder('hollow-kubelet');
  const args = [
    ...['--morph=kubelet', `--name=${name}`, `--kubeconfig=${kubeconfig}`],
    // Its pretended images, not those of a container runtime on this machine.
    '--use-host-image-service=false',
    ...[`--kubelet-port=${await freePort()}`, `--kubelet-read-only-port=${await freePort()}`],
  ];
  const log = join(folder.path, 'kubelet.log');
  const component = await startComponent(binary, args, log, { TMPDIR: folder.path });
  const kubelet = stoppable(component, folder);
  try {
    const stands = async () => (await plane.admin.get('Node', { name })) !== undefined;
    await Promise.race([until(`the node ${name} registers`, stands), component.diedEarly]);
  } catch (error) {
    await kubelet.stop();
    throw error;
  }
  return kubelet;
}

function stoppable(kubelet: Component, folder: TemporaryFolder): HollowKubelet {
  return {
    logs: kubelet.logs,
    async stop() {
      await kubelet.stop();
      await folder.remove();
    },
  };
}

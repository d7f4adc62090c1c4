import { test } from 'node:test';
import { connectionFromKubeconfig } from '../../../shared/adapters/kubernetes/connection-from-kubeconfig.ts';
import { createKubernetesCluster } from '../../../shared/adapters/kubernetes/create-kubernetes-cluster.ts';
import { describeClusterContract } from '../../contract/cluster/describe-cluster-contract.ts';
import { missingControlPlane } from '../support/control-plane/binary.ts';
import { installModuleCrd } from '../support/control-plane/install-module-crd.ts';
import { startControlPlane } from '../support/control-plane/start-control-plane.ts';

const skip = await missingControlPlane();

// The contract's suite can't be skipped: then it is not there.
if (skip) test('the Cluster port on a real API server', { skip }, () => undefined);
else {
  describeClusterContract('a real API server, through the adapter', async () => {
    const plane = await startControlPlane();
    await installModuleCrd(plane).catch(async (error: unknown) => {
      await plane.stop();
      throw error;
    });
    const cluster = createKubernetesCluster(await connectionFromKubeconfig(plane.adminKubeconfig));
    return { cluster, stop: plane.stop };
  });
}

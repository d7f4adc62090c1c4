import { createLocalCluster } from '../../../infra/local/cluster/create-local-cluster.ts';
import { createKubernetesCluster } from '../../../shared/adapters/kubernetes/create-kubernetes-cluster.ts';
import { createFakeCluster } from '../../fakes/cluster.ts';
import { describeClusterContract } from './describe-cluster-contract.ts';

describeClusterContract('the fake', async () => ({ cluster: createFakeCluster(), stop: async () => {} }));

describeClusterContract('the embedded API server, through the adapter', async () => {
  const local = await createLocalCluster({ token: 'contract' });
  const cluster = createKubernetesCluster({ server: local.url, token: async () => 'contract' });
  return { cluster, stop: local.close };
});

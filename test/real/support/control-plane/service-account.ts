import type { ControlPlane } from './start-control-plane.ts';

/** Creates a service account that a ClusterRole is bound to, when one is named; its rights reach everywhere. */
export async function addServiceAccount(
  { api }: Pick<ControlPlane, 'api'>,
  key: { namespace: string; name: string },
  clusterRole?: string,
): Promise<void> {
  const { namespace, name } = key;
  await api.call('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name } });
  if (clusterRole === undefined) return;
  await api.call('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    metadata: { name: `${namespace}-${name}` },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: clusterRole },
    subjects: [{ kind: 'ServiceAccount', namespace, name }],
  });
}

import type { Manifest } from '../../../shared/kubernetes/objects.ts';
import { type Installation, serviceAccount } from '../installation.ts';
import { sourceAccount } from '../rbac/function-roles.ts';

/** Where the server lives: no pod in it needs a privilege. Loaders live in their Modules' namespaces, which must allow them. */
export function renderNamespace({ namespace, events, profile }: Installation): Manifest[] {
  const accounts = [
    ...(profile === 'lambda' ? [] : [serviceAccount]),
    ...(events.kind === 'broker' ? [sourceAccount] : []),
  ];
  if (accounts.length === 0) return [];
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    },
    ...accounts.map((name) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } })),
  ];
}

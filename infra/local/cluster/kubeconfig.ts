/** A kubeconfig for the embedded API: JSON, which is YAML too. `kubectl --kubeconfig` and client-node read it. */
export function kubeconfigFor(server: string, token?: string): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'local', cluster: { server } }],
    users: [{ name: 'local', user: token === undefined ? {} : { token } }],
    contexts: [{ name: 'local', context: { cluster: 'local', user: 'local' } }],
    'current-context': 'local',
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

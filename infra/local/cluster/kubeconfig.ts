/**
 * A kubeconfig for the embedded API: JSON, which is YAML too. `kubectl --kubeconfig` and client-node read it. There is no
 * TLS to verify on loopback, but client-node takes plain http only with that flag.
 */
export function kubeconfigFor(server: string, token?: string): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'local', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'local', user: token === undefined ? {} : { token } }],
    contexts: [{ name: 'local', context: { cluster: 'local', user: 'local' } }],
    'current-context': 'local',
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

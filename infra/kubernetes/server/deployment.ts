import type { Manifest } from '../../../shared/kubernetes/objects.ts';
import { type Installation, serverName } from '../installation.ts';
import { ports, serverLabels } from './names.ts';
import { configurationHash, podFrame, serverContainer } from './pod.ts';

/**
 * One server with the queues in its memory: what a restart loses its start resolves anew. During an update the old one and the
 * new one run side by side, as any two runs may.
 */
export function renderDeployment(installation: Installation): Manifest[] {
  const { namespace, events } = installation;
  const tls = events.kind === 'hooks' && events.door.kind === 'service' ? events.door.tls : undefined;
  const metadata = { name: serverName, namespace, labels: serverLabels };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        selector: serverLabels,
        ports: [tls === undefined ? port('http', 80, ports.http) : port('https', 443, ports.https)],
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: serverLabels },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        template: {
          metadata: {
            labels: serverLabels,
            annotations: { 'kmm.sigs.x-k8s.io/configuration': configurationHash(installation) },
          },
          spec: {
            ...podFrame(tls),
            // Functions that run are waited for: see the server's own limit.
            terminationGracePeriodSeconds: 40,
            containers: [serverContainer(installation, tls)],
          },
        },
      },
    },
  ];
}

function port(name: string, number: number, targetPort: number) {
  return { name, port: number, targetPort };
}

import { labels, roles } from '../../../shared/kmm/labels.ts';
import type { Manifest } from '../../../shared/kubernetes/objects.ts';
import { type Installation, serverName } from '../installation.ts';
import { sourceAccount } from '../rbac/function-roles.ts';
import { serverLabels } from './names.ts';
import { configurationHash, podFrame, serverContainer } from './pod.ts';

/**
 * The server as a Knative Service. A hook waits a second and a cold start takes longer, so that with hooks one always runs;
 * behind a broker, which keeps an event until it is taken, none runs while nothing happens.
 */
export function renderKnativeService(installation: Installation): Manifest {
  const { livenessProbe, readinessProbe, ...container } = serverContainer(installation);
  const minScale = installation.events.kind === 'hooks' ? '1' : '0';
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { name: serverName, namespace: installation.namespace, labels: serverLabels },
    spec: {
      template: {
        metadata: {
          labels: serverLabels,
          annotations: {
            'autoscaling.knative.dev/min-scale': minScale,
            // The queues are in memory: a second one would not know what the first has under way.
            'autoscaling.knative.dev/max-scale': '1',
            'autoscaling.knative.dev/scale-down-delay': '15m',
            'kmm.sigs.x-k8s.io/configuration': configurationHash(installation),
          },
        },
        spec: {
          ...podFrame(),
          containers: [
            {
              ...container,
              // Knative fills in the port.
              readinessProbe: { httpGet: { path: readinessProbe.httpGet.path } },
              livenessProbe: { httpGet: { path: livenessProbe.httpGet.path } },
            },
          ],
        },
      },
    },
  };
}

/**
 * The way of an event without hooks: ApiServerSource → Broker → Trigger → `cluster-hook`. Every heartbeat of a node is an
 * event too; `cluster-hook` drops what changes nothing. Secrets are not among its kinds.
 */
export function renderKnativeEvents({ namespace, namespaces, secrets }: Installation): Manifest[] {
  const broker = { apiVersion: 'eventing.knative.dev/v1', kind: 'Broker', name: serverName };
  const ofModule = { matchExpressions: [{ key: labels.moduleName, operator: 'Exists' }] };
  const ofRole = {
    matchExpressions: [{ key: labels.role, operator: 'In', values: [roles.moduleLoader, roles.devicePlugin] }],
  };
  const everywhere = namespaces === undefined ? {} : named(namespaces);
  return [
    { apiVersion: broker.apiVersion, kind: broker.kind, metadata: { name: serverName, namespace } },
    {
      apiVersion: 'sources.knative.dev/v1',
      kind: 'ApiServerSource',
      metadata: { name: serverName, namespace },
      spec: {
        serviceAccountName: sourceAccount,
        // A bare reference tells neither the Module nor the node of a pod.
        mode: 'Resource',
        namespaceSelector: everywhere,
        resources: [
          { apiVersion: 'v1', kind: 'Node' },
          { apiVersion: 'kmm.sigs.x-k8s.io/v1beta1', kind: 'Module' },
          { apiVersion: 'apps/v1', kind: 'DaemonSet', selector: ofModule },
          { apiVersion: 'v1', kind: 'Pod', selector: ofRole },
          { apiVersion: 'batch/v1', kind: 'Job', selector: ofModule },
          { apiVersion: 'v1', kind: 'ConfigMap' },
        ],
        sink: { ref: broker },
      },
    },
    {
      apiVersion: broker.apiVersion,
      kind: 'Trigger',
      metadata: { name: serverName, namespace },
      spec: {
        broker: serverName,
        subscriber: {
          ref: { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: serverName },
          uri: `/cluster/${secrets.hook}/events`,
        },
      },
    },
  ];
}

function named(namespaces: readonly string[]) {
  return { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: [...namespaces] }] };
}

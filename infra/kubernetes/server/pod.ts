import { createHash } from 'node:crypto';
import type { Installation, Tls } from '../installation.ts';
import { serviceAccount } from '../installation.ts';
import { configuration } from './configuration.ts';
import { configMapName, paths, ports, secretName } from './names.ts';

/** What no pod of ours needs: privileges, a writable file system, root. It passes the Pod Security level `restricted`. */
export const restricted = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
} as const;

/** New pods when what they read at their start has changed. */
export function configurationHash(installation: Installation): string {
  const content = JSON.stringify([configuration(installation), installation.secrets]);
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}

/** The server's container; a Deployment and a Knative Service wrap it alike. */
export function serverContainer({ image, events }: Installation, tls?: Tls) {
  const port = tls === undefined ? ports.http : ports.https;
  const scheme = tls === undefined ? 'HTTP' : 'HTTPS';
  return {
    name: 'server',
    image,
    env: [
      { name: 'KMM_CONFIG', value: `${paths.configuration}/configuration.json` },
      { name: 'KMM_WATCH', value: String(events.kind === 'watch') },
      ...(tls === undefined
        ? []
        : [
            { name: 'PORT', value: String(port) },
            { name: 'KMM_TLS_CERT', value: `${paths.tls}/tls.crt` },
            { name: 'KMM_TLS_KEY', value: `${paths.tls}/tls.key` },
          ]),
    ],
    ports: [{ containerPort: port }],
    // 1,000 nodes with 10 loader pods each took 591 MiB at their joining (test/real/cluster); a small fleet takes some 100.
    resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '1Gi' } },
    readinessProbe: { httpGet: { path: '/readyz', port, scheme }, periodSeconds: 5 },
    livenessProbe: { httpGet: { path: '/healthz', port, scheme }, periodSeconds: 20, timeoutSeconds: 5 },
    securityContext: restricted,
    volumeMounts: [
      { name: 'configuration', mountPath: paths.configuration, readOnly: true },
      { name: 'secrets', mountPath: paths.secrets, readOnly: true },
      ...(tls === undefined ? [] : [{ name: 'tls', mountPath: paths.tls, readOnly: true }]),
    ],
  };
}

/** What stands around the container. */
export function podFrame(tls?: Tls) {
  return {
    serviceAccountName: serviceAccount,
    enableServiceLinks: false,
    volumes: [
      { name: 'configuration', configMap: { name: configMapName } },
      { name: 'secrets', secret: { secretName } },
      // Whole folders are mounted, so that a renewed certificate arrives without a new pod.
      ...(tls === undefined ? [] : [{ name: 'tls', secret: { secretName: tls.secretName } }]),
    ],
  };
}

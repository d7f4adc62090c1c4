import { readFile } from 'node:fs/promises';
import type { KubernetesConnection } from './connection.ts';

const mount = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface InClusterOptions {
  /** `KUBERNETES_SERVICE_HOST` and `KUBERNETES_SERVICE_PORT` of the pod. */
  host: string;
  port: string;
  tokenFile?: string | undefined;
  caFile?: string | undefined;
  now?: (() => number) | undefined;
}

/** How long a read token serves; the kubelet renews the file when a fifth of its life (an hour) is left. */
const freshMs = 60_000;

/** The connection of a pod's service account. The token file is read again each minute, since the kubelet rotates it. */
export async function inClusterConnection(options: InClusterOptions): Promise<KubernetesConnection> {
  const { host, port, tokenFile = `${mount}/token`, caFile = `${mount}/ca.crt`, now = Date.now } = options;
  const address = host.includes(':') ? `[${host}]` : host;
  let token = '';
  let readAt = Number.NEGATIVE_INFINITY;
  return {
    server: `https://${address}:${port}`,
    ca: await readFile(caFile, 'utf8'),
    async token() {
      if (now() - readAt < freshMs) return token;
      token = (await readFile(tokenFile, 'utf8')).trim();
      readAt = now();
      return token;
    },
  };
}

import { readFile } from 'node:fs/promises';
import type { KubernetesConnection } from './connection.ts';
import { createFileToken } from './file-token.ts';

const mount = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface InClusterOptions {
  /** `KUBERNETES_SERVICE_HOST` and `KUBERNETES_SERVICE_PORT` of the pod. */
  host: string;
  port: string;
  tokenFile?: string | undefined;
  caFile?: string | undefined;
  now?: (() => number) | undefined;
}

/** The connection of a pod's service account, whose token the kubelet rotates. */
export async function inClusterConnection(options: InClusterOptions): Promise<KubernetesConnection> {
  const { host, port, tokenFile = `${mount}/token`, caFile = `${mount}/ca.crt`, now } = options;
  const address = host.includes(':') ? `[${host}]` : host;
  return {
    server: `https://${address}:${port}`,
    ca: await readFile(caFile, 'utf8'),
    token: createFileToken(tokenFile, now),
  };
}

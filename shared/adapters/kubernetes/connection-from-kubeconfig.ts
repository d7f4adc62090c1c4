import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import * as z from 'zod';
import { ClusterError } from '../../ports/errors.ts';
import type { KubernetesConnection } from './connection.ts';

const Authorization = z.object({ Authorization: z.string() });

/**
 * The current context of a kubeconfig file: certificates, tokens and exec plugins as client-node reads them. In a file of
 * its own, so that a bundle without kubeconfigs holds no client-node.
 */
export async function connectionFromKubeconfig(file: string): Promise<KubernetesConnection> {
  const config = loadFrom(file);
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw new ClusterError(
      'INVALID',
      `The kubeconfig ${file} has no current context with a cluster: set current-context`,
    );
  }
  const credentials = await credentialsOf(config);
  return {
    server: cluster.server,
    ca: textOf(credentials.ca),
    clientCert: textOf(credentials.cert),
    clientKey: textOf(credentials.key),
    tlsServerName: cluster.tlsServerName,
    insecureSkipTlsVerify: cluster.skipTLSVerify,
    token: bearerOf(credentials) === undefined ? undefined : sharedToken(config, file),
  };
}

function loadFrom(file: string): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromFile(file);
  } catch (cause) {
    throw new ClusterError(
      'INVALID',
      `The kubeconfig ${file} can't be read: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  }
  return config;
}

/** Many callers at once ask the plugin or the token file once; client-node remembers the answer until it expires. */
function sharedToken(config: KubeConfig, file: string): () => Promise<string> {
  let asking: Promise<string> | undefined;
  const ask = async () => {
    const token = bearerOf(await credentialsOf(config));
    if (token === undefined)
      throw new ClusterError('UNAUTHORIZED', `The credentials of the kubeconfig ${file} gave no token`);
    return token;
  };
  return () => {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}

async function credentialsOf(config: KubeConfig): Promise<RequestOptions> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  return options;
}

function bearerOf({ headers }: RequestOptions): string | undefined {
  const parsed = Authorization.safeParse(headers);
  return parsed.success ? /^Bearer (.+)$/.exec(parsed.data.Authorization)?.[1] : undefined;
}

function textOf(pem: unknown): string | undefined {
  if (Buffer.isBuffer(pem)) return pem.toString('utf8');
  return typeof pem === 'string' ? pem : undefined;
}

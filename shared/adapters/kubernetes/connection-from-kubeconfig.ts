import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ClusterError } from '../../ports/errors.ts';
import type { KubernetesConnection } from './connection.ts';
import { createFileToken } from './file-token.ts';
import { type PluginContext, runExecPlugin } from './kubeconfig/exec-plugin.ts';
import { type ExecConfig, type KubeconfigUser, readKubeconfig } from './kubeconfig/kubeconfig.ts';
import { rememberCredential } from './kubeconfig/remembered-credential.ts';
import { proxyFor } from './proxy-for.ts';

export interface KubeconfigOptions {
  /** For proxies (`HTTPS_PROXY`, `NO_PROXY`), and handed to credential plugins. */
  env?: NodeJS.ProcessEnv;
  /** For one run of a credential plugin. */
  pluginTimeoutMs?: number;
  now?: () => number;
}

/**
 * The current context of a kubeconfig file, as kubectl understands it: certificates, tokens, token files, exec plugins,
 * impersonation, proxies. Read here and not by client-node, which runs a plugin once per caller and without a time limit,
 * tells it nothing about the cluster, and passes over `tokenFile` and `as-groups`. In a file of its own, so that a bundle
 * without kubeconfigs holds no YAML. A client certificate that a plugin gives is taken once, when we connect.
 */
export async function connectionFromKubeconfig(
  file: string,
  options: KubeconfigOptions = {},
): Promise<KubernetesConnection> {
  const { env = process.env } = options;
  const context = await readKubeconfig(file);
  const { cluster, user, folder } = context;
  const ca = await pem(folder, cluster['certificate-authority-data'], cluster['certificate-authority']);
  return {
    server: cluster.server,
    ca,
    ...(await credentialsOf({ ...context, ca }, { ...options, env })),
    impersonate: impersonationOf(user),
    tlsServerName: cluster['tls-server-name'],
    insecureSkipTlsVerify: cluster['insecure-skip-tls-verify'],
    proxy: cluster['proxy-url'] ?? proxyFor(cluster.server, env),
  };
}

type Credentials = Pick<KubernetesConnection, 'token' | 'clientCert' | 'clientKey'>;
type Effects = KubeconfigOptions & { env: NodeJS.ProcessEnv };

/** A token wins over a token file, and both over a plugin, as in kubectl. */
async function credentialsOf(context: PluginContext, effects: Effects): Promise<Credentials> {
  const { user, folder, file } = context;
  const { token, tokenFile, exec } = user;
  const clientCert = await pem(folder, user['client-certificate-data'], user['client-certificate']);
  const clientKey = await pem(folder, user['client-key-data'], user['client-key']);
  if (token !== undefined) return { clientCert, clientKey, token: async () => token };
  if (tokenFile !== undefined) {
    return { clientCert, clientKey, token: createFileToken(resolve(folder, tokenFile), effects.now) };
  }
  if (exec) return pluginCredentials(context, exec, effects);
  if (user['auth-provider']) {
    const what = `The kubeconfig ${file} uses the auth-provider ${user['auth-provider'].name}`;
    throw new ClusterError('INVALID', `${what}, which only kubectl can: name an exec plugin or a token`);
  }
  return { clientCert, clientKey };
}

async function pluginCredentials(context: PluginContext, exec: ExecConfig, effects: Effects): Promise<Credentials> {
  const { env, pluginTimeoutMs = 30_000, now = Date.now } = effects;
  const ask = rememberCredential(() => runExecPlugin(exec, context, { env, timeoutMs: pluginTimeoutMs }), now);
  const first = await ask();
  const clientCert = first.clientCertificateData;
  const clientKey = first.clientKeyData;
  if (first.token === undefined && (clientCert === undefined || clientKey === undefined)) {
    const plugin = `The credential plugin ${exec.command} of the kubeconfig ${context.file}`;
    throw new ClusterError('UNAUTHORIZED', `${plugin} gave neither a token nor a certificate with its key`);
  }
  if (first.token === undefined) return { clientCert, clientKey };
  return { clientCert, clientKey, token: async (refused) => (await ask(refused)).token ?? '' };
}

function impersonationOf(user: KubeconfigUser): KubernetesConnection['impersonate'] {
  if (user.as === undefined) return undefined;
  return { user: user.as, groups: user['as-groups'] ?? [], uid: user['as-uid'] };
}

/** Data in the kubeconfig wins over a path. */
async function pem(folder: string, data: string | undefined, path: string | undefined): Promise<string | undefined> {
  if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
  if (path === undefined) return undefined;
  try {
    return await readFile(resolve(folder, path), 'utf8');
  } catch (cause) {
    throw new ClusterError('INVALID', `The file ${path} that the kubeconfig names can't be read: ${String(cause)}`);
  }
}

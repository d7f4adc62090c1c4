import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { connectionFromKubeconfig } from '../../../../shared/adapters/kubernetes/connection-from-kubeconfig.ts';
import { createKubernetesCluster } from '../../../../shared/adapters/kubernetes/create-kubernetes-cluster.ts';
import type { Cluster } from '../../../../shared/ports/cluster.ts';
import { run } from '../run.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { type AuditEntry, openAuditLog } from './audit-log.ts';
import { type Authority, createAuthority } from './authority.ts';
import { ensureControlPlaneBinary } from './binary.ts';
import { compact } from './compact.ts';
import { type Component, startComponent } from './component.ts';
import { type ClusterFiles, type ComponentName, componentArguments, componentNames } from './component-arguments.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { prepareFiles } from './prepare-files.ts';
import { until } from './until.ts';

export interface ControlPlaneOptions {
  /** More flags of a component: a later one wins. */
  flags?: Partial<Record<ComponentName, readonly string[]>>;
  /** Components that are not started; kwok's absence leaves nodes and pods as API calls make them. */
  without?: readonly ComponentName[];
}

/** A real Kubernetes control plane on loopback: etcd, API server, controllers, scheduler, and kwok for nodes and pods. */
export interface ControlPlane {
  /** `https://127.0.0.1:<port>`. */
  readonly server: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
  /** A file whose user may do everything. */
  readonly adminKubeconfig: string;
  /** The adapter, as that user. */
  readonly admin: Cluster;
  /** Any request as that user. */
  readonly api: ApiClient;
  /** kubectl as that user; its standard output. Throws with its words when it fails. */
  kubectl(args: readonly string[], options?: { input?: string; kubeconfig?: string }): Promise<string>;
  /** A kubeconfig file for a user (by client certificate) that RBAC knows by its name and groups. */
  kubeconfigFor(user: string, groups?: readonly string[]): Promise<string>;
  /** A token of a service account, as the kubelet gets them for pods. */
  serviceAccountToken(key: { namespace: string; name: string }): Promise<string>;
  /** All requests so far but those of the components themselves. */
  auditLog(): Promise<AuditEntry[]>;
  /** Makes etcd forget all versions but the present ones: a list that is under way then meets 410. */
  compact(): Promise<void>;
  logs(component: ComponentName): Promise<string>;
  /** Kills one component, as if its machine had died; kwok's absence makes all nodes Unknown after a while. */
  stopComponent(component: ComponentName): Promise<void>;
  /** Starts it again on the same data; returns when the API server is ready. */
  startComponent(component: ComponentName): Promise<void>;
  stop(): Promise<void>;
}

/** Up in 3 to 6 s once the binary is built. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const binary = await ensureControlPlaneBinary();
  const cleanup = new AsyncDisposableStack();
  try {
    const folder = await temporaryFolder('control-plane');
    cleanup.defer(folder.remove);
    const authority = await createAuthority(folder.path);
    const files = await prepareFiles(binary, folder.path, authority);
    const running = new Map<ComponentName, Component>();
    cleanup.defer(async () => {
      await Promise.all([...running.values()].map((component) => component.stop()));
    });
    const client = await adminClient(files, authority);
    cleanup.defer(async () => client.api.close());

    const start = async (name: ComponentName) => {
      const args = [name, ...componentArguments[name](files), ...(options.flags?.[name] ?? [])];
      const component = await startComponent(binary, args, join(folder.path, `${name}.log`));
      running.set(name, component);
      if (name === 'kube-apiserver') await Promise.race([isReady(client.api), component.diedEarly]);
    };
    const wanted = componentNames.filter((name) => !options.without?.includes(name));
    for (const name of wanted) await start(name);
    if (wanted.includes('kube-controller-manager')) await hasDefaultServiceAccount(client.api);

    const audit = openAuditLog(files.auditLog);
    return {
      ...client,
      async kubectl(args, { input = '', kubeconfig = client.adminKubeconfig } = {}) {
        return run(binary, ['kubectl', `--kubeconfig=${kubeconfig}`, ...args], { input, env: { HOME: folder.path } });
      },
      async kubeconfigFor(user, groups = []) {
        const credentials = await authority.issueClient(user, groups);
        const name = `${Buffer.from(user).toString('base64url')}.kubeconfig`;
        return writeKubeconfig(join(folder.path, name), client, credentials);
      },
      async serviceAccountToken({ namespace, name }) {
        const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
        const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
        return TokenRequest.parse(await client.api.call('POST', path, request)).status.token;
      },
      auditLog: audit.entries,
      compact: () => compact(`http://127.0.0.1:${files.ports.etcd}`),
      logs: async (name) => (await running.get(name)?.logs()) ?? '',
      async stopComponent(name) {
        await running.get(name)?.stop();
        running.delete(name);
      },
      startComponent: start,
      stop: () => cleanup.disposeAsync(),
    };
  } catch (error) {
    await cleanup.disposeAsync();
    throw error;
  }
}

const TokenRequest = z.object({ status: z.object({ token: z.string() }) });

async function adminClient(files: ClusterFiles, authority: Authority) {
  const server = `https://127.0.0.1:${files.ports.api}`;
  const credentials = await authority.issueClient('admin', ['system:masters']);
  const [cert, key] = await Promise.all([
    readFile(credentials.certFile, 'utf8'),
    readFile(credentials.keyFile, 'utf8'),
  ]);
  const ca = authority.cert;
  const adminKubeconfig = await writeKubeconfig(join(files.folder, 'admin.kubeconfig'), { server, ca }, credentials);
  const connection = await connectionFromKubeconfig(adminKubeconfig);
  const admin = createKubernetesCluster({ ...connection, userAgent: 'test-admin', fieldManager: 'test-admin' });
  return { server, ca, adminKubeconfig, admin, api: createApiClient(server, { ca, cert, key }) };
}

async function isReady(api: ApiClient): Promise<void> {
  await until('the API server is ready', () => answers(api, '/readyz'), 60_000);
}

/** The controllers' first visible work: before it no pod can be created. */
async function hasDefaultServiceAccount(api: ApiClient): Promise<void> {
  const path = '/api/v1/namespaces/default/serviceaccounts/default';
  await until('there is a default service account', () => answers(api, path), 60_000);
}

/** While it starts nobody listens, or it says that it is not ready. */
async function answers(api: ApiClient, path: string): Promise<boolean> {
  const { status } = await api.send('GET', path).catch(() => ({ status: 0 }));
  return status === 200;
}

import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connectionFromKubeconfig } from '../../../shared/adapters/kubernetes/connection-from-kubeconfig.ts';
import { createKubernetesCluster } from '../../../shared/adapters/kubernetes/create-kubernetes-cluster.ts';
import { inClusterConnection } from '../../../shared/adapters/kubernetes/in-cluster-connection.ts';
import { missingControlPlane } from '../support/control-plane/binary.ts';
import { type KubeconfigUser, writeKubeconfig } from '../support/control-plane/kubeconfig.ts';
import { addServiceAccount } from '../support/control-plane/service-account.ts';
import { type ControlPlane, startControlPlane } from '../support/control-plane/start-control-plane.ts';
import { startTunnelProxy } from '../support/control-plane/tunnel-proxy.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const skip = await missingControlPlane();
const account = { namespace: 'default', name: 'reader' };
const stranger = { namespace: 'default', name: 'stranger' };

describe('the adapter of the Cluster port before a real API server', { skip }, () => {
  let plane: ControlPlane;
  let folder: TemporaryFolder;
  let serial = 0;
  before(async () => {
    folder = await temporaryFolder('connections');
    // Without its cache the server reads ConfigMaps from etcd, where compaction can be had at will.
    const flags = { 'kube-apiserver': ['--watch-cache-sizes=configmaps#0'] };
    plane = await startControlPlane({ without: ['kube-scheduler', 'kwok'], flags });
    await addServiceAccount(plane, account, 'view');
    await addServiceAccount(plane, stranger);
  });
  after(async () => {
    await plane.stop();
    await folder.remove();
  });

  const connect = async (user: KubeconfigUser, cluster: { proxy?: string } = {}) => {
    const file = join(folder.path, `${++serial}.kubeconfig`);
    await writeKubeconfig(file, { server: plane.server, ca: plane.ca, ...cluster }, user);
    return createKubernetesCluster(await connectionFromKubeconfig(file));
  };
  const configMap = (name: string, metadata: object = {}) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: 'default', name, ...metadata },
  });
  const lastUser = async () => (await plane.auditLog()).at(-1)?.user;

  test('a client certificate is who its subject says', async () => {
    const file = await plane.kubeconfigFor('jane', ['system:masters']);
    const cluster = createKubernetesCluster(await connectionFromKubeconfig(file));
    assert.equal(await cluster.create(configMap('by-jane')), 'created');
    assert.equal(await lastUser(), 'jane');
  });

  test('a token is who it was made for, and rights are those of that account', async () => {
    const reader = await connect({ token: await plane.serviceAccountToken(account) });
    assert.equal((await reader.list('ConfigMap', { namespace: 'default' })).length > 0, true);
    assert.equal(await lastUser(), 'system:serviceaccount:default:reader');
    await assert.rejects(reader.create(configMap('no')), { code: 'FORBIDDEN', status: 403, message: /cannot create/ });
    const other = await connect({ token: await plane.serviceAccountToken(stranger) });
    await assert.rejects(other.get('ConfigMap', { namespace: 'default', name: 'absent' }), { code: 'FORBIDDEN' });
    const nobody = await connect({ token: 'made-up' });
    await assert.rejects(nobody.list('Node'), { code: 'UNAUTHORIZED', status: 401 });
  });

  test('a plugin whose token the server does not take is asked again, once', async () => {
    const [plugin, runs] = [join(folder.path, 'plugin'), join(folder.path, 'runs')];
    await writeFile(join(folder.path, 'token'), await plane.serviceAccountToken(account));
    const apiVersion = 'client.authentication.k8s.io/v1';
    // The first answer is a token that is no longer good.
    const script = `#!/bin/sh
echo run >> '${runs}'
[ "$(wc -l < '${runs}')" = 1 ] && token=stale || token=$(cat '${folder.path}/token')
printf '{"apiVersion":"${apiVersion}","kind":"ExecCredential","status":{"token":"%s"}}' "$token"
`;
    await writeFile(plugin, script);
    await chmod(plugin, 0o755);
    const cluster = await connect({ exec: { apiVersion, command: './plugin' } });
    assert.deepEqual(
      (await Promise.all(Array.from({ length: 10 }, () => cluster.list('Pod')))).map((pods) => pods.length),
      Array.from({ length: 10 }, () => 0),
    );
    assert.equal(await lastUser(), 'system:serviceaccount:default:reader');
  });

  test('a pod whose token file is rotated goes on', async () => {
    const [tokenFile, caFile] = [join(folder.path, 'pod-token'), join(folder.path, 'ca.crt')];
    await writeFile(caFile, plane.ca);
    await writeFile(tokenFile, 'revoked');
    const { hostname: host, port } = new URL(plane.server);
    const connection = await inClusterConnection({ host, port, tokenFile, caFile });
    const cluster = createKubernetesCluster(connection);
    await assert.rejects(cluster.list('Pod'), { code: 'UNAUTHORIZED' });
    await writeFile(tokenFile, await plane.serviceAccountToken(account));
    assert.deepEqual(await cluster.list('Pod'), []);
  });

  test('who may impersonate is taken for somebody else', async () => {
    const connection = await connectionFromKubeconfig(plane.adminKubeconfig);
    const as = createKubernetesCluster({ ...connection, impersonate: { user: 'bob', groups: ['system:nobodies'] } });
    await assert.rejects(as.list('Node'), { code: 'FORBIDDEN', message: /"bob" cannot list/ });
  });

  test('a proxy carries the same TLS through', async (t) => {
    const proxy = await startTunnelProxy();
    t.after(proxy.close);
    const cluster = await connect({ token: await plane.serviceAccountToken(account) }, { proxy: proxy.url });
    for (let i = 0; i < 3; i += 1) assert.deepEqual(await cluster.list('Pod'), []);
    assert.deepEqual(proxy.tunnels, [new URL(plane.server).host], 'one tunnel that is kept');
  });

  test('a list that meets compaction between its pages is GONE, and one that handed nothing out starts again', async () => {
    for (let i = 0; i < 5; i += 1) await plane.admin.create(configMap(`page-${i}`, { labels: { paged: 'yes' } }));
    const options = { namespace: 'default', labelSelector: 'paged=yes', limit: 2 };
    const pages = plane.admin.pages('ConfigMap', options)[Symbol.asyncIterator]();
    assert.equal((await pages.next()).value?.length, 2);
    await plane.admin.create(configMap('page-5', { labels: { paged: 'yes' } }));
    await plane.compact();
    await assert.rejects(pages.next(), { code: 'GONE', status: 410 });
    assert.equal((await plane.admin.list('ConfigMap', options)).length, 6);
  });

  test('what the server can never take is INVALID with its words', async () => {
    const invalid = { code: 'INVALID', status: 422, message: /metadata\.labels: Invalid value/ };
    await assert.rejects(plane.admin.create(configMap('bad', { labels: { a: 'not a label!' } })), invalid);
    const nowhere = { ...configMap('x'), metadata: { namespace: 'nowhere', name: 'x' } };
    await assert.rejects(plane.admin.create(nowhere), { code: 'INVALID', message: /namespaces "nowhere" not found/ });
    await assert.rejects(plane.admin.list('Pod', { labelSelector: 'a b' }), { code: 'INVALID', status: 400 });
    await assert.rejects(plane.admin.get('Module', { namespace: 'default', name: 'm' }), {
      code: 'INVALID',
      status: 404,
    });
  });

  test('a request that meets a dead API server is tried again until it is back', async () => {
    const connection = await connectionFromKubeconfig(plane.adminKubeconfig);
    const patient = createKubernetesCluster({ ...connection, attempts: 12 });
    await patient.list('Node');
    await plane.stopComponent('kube-apiserver');
    const [, outcome] = await Promise.all([
      plane.startComponent('kube-apiserver'),
      patient.create(configMap('survivor')),
    ]);
    assert.equal(outcome, 'created');
  });
});

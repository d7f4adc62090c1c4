import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { createLocalCluster } from '../../../infra/local/cluster/create-local-cluster.ts';
import type { KubernetesConnection } from '../../../shared/adapters/kubernetes/connection.ts';
import { connectionFromKubeconfig } from '../../../shared/adapters/kubernetes/connection-from-kubeconfig.ts';
import { createKubernetesCluster } from '../../../shared/adapters/kubernetes/create-kubernetes-cluster.ts';
import { inClusterConnection } from '../../../shared/adapters/kubernetes/in-cluster-connection.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kmm-connections-'));
});
after(() => rm(folder, { recursive: true }));

const kubeconfig = async (name: string, cluster: object, user: object) => {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  const file = join(folder, name);
  await writeFile(file, JSON.stringify(config));
  return file;
};
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a connection from a kubeconfig', () => {
  test("the embedded cluster's own kubeconfig leads another process to it", async () => {
    const local = await createLocalCluster({ token: 'local-token' });
    const file = join(folder, 'local');
    await writeFile(file, local.kubeconfig());
    const cluster = createKubernetesCluster(await connectionFromKubeconfig(file));
    assert.equal((await cluster.get('Namespace', { name: 'default' }))?.metadata.name, 'default');
    await local.close();
  });

  test('certificates come as text, a token as given', async () => {
    const server = {
      server: 'https://api.example:6443',
      'certificate-authority-data': base64('CA'),
      'tls-server-name': 'other',
    };
    const user = { 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY'), token: 't' };
    const { token, ...rest } = await connectionFromKubeconfig(await kubeconfig('certificates', server, user));
    const expected: KubernetesConnection = {
      impersonate: undefined,
      proxy: undefined,
      server: 'https://api.example:6443',
      ca: 'CA',
      clientCert: 'CERT',
      clientKey: 'KEY',
      tlsServerName: 'other',
    };
    assert.deepEqual(rest, { ...expected, insecureSkipTlsVerify: undefined });
    assert.equal(await token?.(), 't');
  });

  test('a kubeconfig without a current context is refused, with what to do', async () => {
    const file = join(folder, 'empty');
    await writeFile(file, '{"apiVersion":"v1","kind":"Config"}');
    await assert.rejects(connectionFromKubeconfig(file), { code: 'INVALID', message: /set current-context/ });
    await assert.rejects(connectionFromKubeconfig(join(folder, 'absent')), {
      code: 'INVALID',
      message: /absent can't be read: ENOENT/,
    });
  });
});

test('what else a kubeconfig can say: files beside it, a token file, impersonation, a proxy', async () => {
  await writeFile(join(folder, 'beside.crt'), 'CA-FILE');
  await writeFile(join(folder, 'beside.token'), 'file-token\n');
  const cluster = {
    server: 'https://api.example:6443',
    'certificate-authority': 'beside.crt',
    'proxy-url': 'http://proxy.example:3128',
  };
  const user = { tokenFile: 'beside.token', as: 'jane', 'as-groups': ['ops', 'dev'], 'as-uid': 'u1' };
  const connection = await connectionFromKubeconfig(await kubeconfig('beside', cluster, user));
  assert.equal(connection.ca, 'CA-FILE');
  assert.equal(await connection.token?.(), 'file-token');
  assert.deepEqual(connection.impersonate, { user: 'jane', groups: ['ops', 'dev'], uid: 'u1' });
  assert.equal(connection.proxy, 'http://proxy.example:3128');
});

test('what a kubeconfig asks that cannot be done is refused, with what to do', async () => {
  const server = { server: 'https://api.example:6443' };
  const table: [name: string, cluster: object, user: object, message: RegExp][] = [
    ['provider', server, { 'auth-provider': { name: 'gcp' } }, /auth-provider gcp.*name an exec plugin or a token/],
    ['no-server', {}, {}, /cluster c: server: /],
    [
      'alpha',
      server,
      { exec: { apiVersion: 'client.authentication.k8s.io/v1alpha1', command: 'x' } },
      /exec\.apiVersion/,
    ],
    ['no-file', { ...server, 'certificate-authority': 'nowhere.crt' }, {}, /nowhere\.crt.*can't be read/],
  ];
  for (const [name, cluster, user, message] of table) {
    await assert.rejects(connectionFromKubeconfig(await kubeconfig(name, cluster, user)), { code: 'INVALID', message });
  }
});

test('an in-cluster connection follows a token that is rotated', async () => {
  const [tokenFile, caFile] = [join(folder, 'token'), join(folder, 'ca.crt')];
  await writeFile(caFile, 'CA');
  await writeFile(tokenFile, 'first\n');
  let clock = 0;
  const connection = await inClusterConnection({ host: 'fd00::1', port: '443', tokenFile, caFile, now: () => clock });
  assert.deepEqual(
    [connection.server, connection.ca, await connection.token?.()],
    ['https://[fd00::1]:443', 'CA', 'first'],
  );
  await writeFile(tokenFile, 'second\n');
  assert.equal(await connection.token?.(), 'first');
  assert.equal(await connection.token?.('first'), 'second', 'a refused token is not given out again');
  await writeFile(tokenFile, 'third\n');
  clock = 60_000;
  assert.equal(await connection.token?.(), 'third');
});

const noOpenssl = spawnSync('openssl', ['version']).error ? 'openssl is not installed' : false;
describe('over TLS', { skip: noOpenssl }, () => {
  let server: Server;
  let url: string;
  let ca: string;
  let key: string;
  before(async () => {
    const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const request = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '1',
    ];
    const names = ['-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', keyFile, '-out', certFile];
    execFileSync('openssl', [...request, ...names], { stdio: 'ignore' });
    [key, ca] = await Promise.all([readFile(keyFile, 'utf8'), readFile(certFile, 'utf8')]);
    server = createServer({ key, cert: ca, requestCert: true, rejectUnauthorized: false, ca });
    server.on('request', (request: { socket: TLSSocket }, response) => {
      const labels = { certified: String(request.socket.authorized) };
      response.end(JSON.stringify({ metadata: { name: 'n', labels } }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `https://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  test('the server is trusted by its authority only, and client certificates are shown', async () => {
    const cluster = createKubernetesCluster({ server: url, ca, clientCert: ca, clientKey: key });
    assert.deepEqual((await cluster.get('Node', { name: 'n' }))?.metadata.labels, { certified: 'true' });
    const stranger = createKubernetesCluster({ server: url, attempts: 1 });
    await assert.rejects(stranger.get('Node', { name: 'n' }), { code: 'UNAVAILABLE', message: /SELF_SIGNED/ });
  });

  test('a certificate for another name is refused', async () => {
    const cluster = createKubernetesCluster({ server: url, ca, tlsServerName: 'other.example', attempts: 1 });
    await assert.rejects(cluster.get('Node', { name: 'n' }), {
      code: 'UNAVAILABLE',
      message: /ERR_TLS_CERT_ALTNAME_INVALID/,
    });
  });
});

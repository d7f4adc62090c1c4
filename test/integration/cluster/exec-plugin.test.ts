import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { inspect } from 'node:util';
import {
  connectionFromKubeconfig,
  type KubeconfigOptions,
} from '../../../shared/adapters/kubernetes/connection-from-kubeconfig.ts';

const apiVersion = 'client.authentication.k8s.io/v1';

describe('a credential plugin of a kubeconfig', () => {
  let folder: string;
  let serial = 0;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kmm-plugin-'));
  });
  after(() => rm(folder, { recursive: true }));

  /** A kubeconfig whose plugin is this shell script. */
  const connect = async (script: string, exec: object = {}, options: KubeconfigOptions = {}) => {
    const name = `plugin-${++serial}`;
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, name), 0o755);
    const file = join(folder, `${name}.kubeconfig`);
    const cluster = {
      server: 'https://api.example:6443',
      'certificate-authority-data': Buffer.from('CA').toString('base64'),
      extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'ours' } }],
    };
    const config = {
      'current-context': 'x',
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user: { exec: { apiVersion, command: `./${name}`, ...exec } } }],
    };
    await writeFile(file, JSON.stringify(config));
    return connectionFromKubeconfig(file, options);
  };
  const credential = (status: object) => `echo '${JSON.stringify({ apiVersion, kind: 'ExecCredential', status })}'`;
  const runs = async (file: string) => (await readFile(join(folder, file), 'utf8')).split('\n').length - 1;

  test('runs once for many callers, from the folder of the kubeconfig', async () => {
    const { token } = await connect(`echo run >> '${folder}/once'\n${credential({ token: 't' })}`);
    assert.deepEqual(await Promise.all([token?.(), token?.(), token?.()]), ['t', 't', 't']);
    assert.equal(await runs('once'), 1);
  });

  test('runs again shortly before its token expires, and once for all who wait', async () => {
    let clock = Date.parse('2026-01-01T00:00:00Z');
    const script = `echo run >> '${folder}/expiry'\n${credential({ token: 't', expirationTimestamp: '2026-01-01T00:15:00Z' })}`;
    const { token } = await connect(script, {}, { now: () => clock });
    clock = Date.parse('2026-01-01T00:14:49Z');
    await token?.();
    assert.equal(await runs('expiry'), 1);
    clock = Date.parse('2026-01-01T00:14:50Z');
    await Promise.all([token?.(), token?.(), token?.()]);
    assert.equal(await runs('expiry'), 2);
  });

  test('runs again when the server refuses its token', async () => {
    const { token } = await connect(
      `echo run >> '${folder}/refused'\nexec printf '{"apiVersion":"${apiVersion}","kind":"ExecCredential","status":{"token":"t%s"}}' $(wc -l < '${folder}/refused')`,
    );
    assert.equal(await token?.(), 't1');
    assert.equal(await token?.('t1'), 't2');
    assert.equal(await token?.('t1'), 't2', 'refused was the one before');
  });

  test('is told what it asks for: its environment, and the cluster when it wants that', async () => {
    const script = `printf '%s' "$KUBERNETES_EXEC_INFO" > '${folder}/info'\nprintf '%s' "$GREETING $OUTER $1" > '${folder}/environment'\n${credential({ token: 't' })}`;
    const exec = { env: [{ name: 'GREETING', value: 'hello' }], args: ['world'], provideClusterInfo: true };
    await connect(script, exec, { env: { ...process.env, OUTER: 'outer' } });
    assert.equal(await readFile(join(folder, 'environment'), 'utf8'), 'hello outer world');
    assert.deepEqual(JSON.parse(await readFile(join(folder, 'info'), 'utf8')), {
      apiVersion,
      kind: 'ExecCredential',
      spec: {
        interactive: false,
        cluster: {
          server: 'https://api.example:6443',
          'certificate-authority-data': Buffer.from('CA').toString('base64'),
          config: { audience: 'ours' },
        },
      },
    });
    await connect(script);
    assert.deepEqual(JSON.parse(await readFile(join(folder, 'info'), 'utf8')).spec, { interactive: false });
  });

  test('may give a client certificate instead of a token', async () => {
    const { token, clientCert, clientKey } = await connect(
      credential({ clientCertificateData: 'CERT', clientKeyData: 'KEY' }),
    );
    assert.deepEqual([token, clientCert, clientKey], [undefined, 'CERT', 'KEY']);
  });

  const failing: [what: string, script: string, exec: object, message: RegExp][] = [
    [
      'is not there',
      '',
      { command: 'kmm-no-such-plugin', installHint: 'Get it.' },
      /is not installed, or not in PATH\. Get it\./,
    ],
    ['fails', 'echo secret-output; echo "log in first" >&2; exit 3', {}, /failed \(3\): log in first/],
    ['never answers', 'exec sleep 30', {}, /no answer within 200 ms: run it by hand/],
    ['prints something else', 'echo secret-output', {}, /printed no ExecCredential/],
    ['gives nothing', credential({}), {}, /neither a token nor a certificate/],
    [
      'speaks another version',
      `echo '{"apiVersion":"v9","kind":"ExecCredential","status":{"token":"secret-output"}}'`,
      {},
      /speaks v9: write that into exec\.apiVersion/,
    ],
    ['wants to talk', '', { interactiveMode: 'Always' }, /interactiveMode: Always/],
  ];
  for (const [what, script, exec, message] of failing) {
    test(`that ${what} is an error that says so, and shows no output of it`, async () => {
      await assert.rejects(connect(script, exec, { pluginTimeoutMs: 200 }), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'UNAUTHORIZED');
        assert.match(error.message, message);
        assert.doesNotMatch(inspect(error), /secret-output/);
        return true;
      });
    });
  }
});

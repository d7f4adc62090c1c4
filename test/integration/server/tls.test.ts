import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Hono } from 'hono';
import { listen } from '../../../infra/server/listen.ts';
import { followTlsFiles, readTlsPair, type TlsPair } from '../../../infra/server/tls.ts';
import { createFakeLogger } from '../../fakes/logger.ts';

let folder: string;
const file = (name: string) => join(folder, name);
const files = () => ({ cert: file('tls.crt'), key: file('tls.key') });

function makePair(name: string): void {
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  const out = ['-keyout', file(`${name}.key`), '-out', file(`${name}.crt`)];
  execFileSync('openssl', ['req', ...kind, ...names, ...out], { stdio: 'ignore' });
}

async function install(name: string): Promise<void> {
  await copyFile(file(`${name}.crt`), files().cert);
  await copyFile(file(`${name}.key`), files().key);
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'server-tls-'));
  makePair('first');
  makePair('second');
  await install('first');
});
after(() => rm(folder, { recursive: true, force: true }));

test('the server serves https with the files that it is given', async () => {
  const listener = listen(new Hono(), { host: '127.0.0.1', port: 0, tls: files(), logger: createFakeLogger() });
  const { url } = await listener.start();
  try {
    assert.match(url, /^https:/);
    const status = await new Promise((resolve, reject) => {
      const call = request(`${url}/healthz`, { ca: readTlsPair(files()).cert }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      call.on('error', reject).end();
    });
    assert.equal(status, 200);
  } finally {
    await listener.stop();
  }
});

test('a renewed pair is handed over once both files are there', async () => {
  const renewed = Promise.withResolvers<TlsPair>();
  const stop = followTlsFiles(files(), renewed.resolve, createFakeLogger(), 5);
  try {
    await copyFile(file('second.crt'), files().cert); // the key is still the first one's
    await copyFile(file('second.key'), files().key);
    assert.match((await renewed.promise).key, /PRIVATE KEY/);
    assert.deepEqual(await renewed.promise, readTlsPair({ cert: file('second.crt'), key: file('second.key') }));
  } finally {
    stop();
  }
});

test('a server whose files are no pair does not start', async () => {
  await writeFile(file('wrong.crt'), 'no certificate');
  assert.throws(() => readTlsPair({ cert: file('wrong.crt'), key: file('first.key') }));
  await writeFile(file('empty.crt'), '');
  assert.throws(() => readTlsPair({ cert: file('empty.crt'), key: file('first.key') }), 'half a renewal');
  assert.throws(() => readTlsPair({ cert: file('first.crt'), key: file('second.key') }));
});

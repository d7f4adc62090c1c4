import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { toSecrets } from '../../../infra/cli/install/to-secrets.ts';
import { callKmm } from '../cli/call-kmm.ts';
import { valuesOf } from './an-installation.ts';

const image = ['--image', 'registry.example/kmm:1'];
const env = { KMM_HOOK_SECRET: 'present-hook-secret', KMM_DOOR_SECRET: 'present-door-secret' };
const install = (...argv: string[]) => callKmm(['install', ...argv], { env, cwd: folder });
const documents = (text: string): unknown[] => parseAllDocuments(text).map((document) => document.toJS());
const kindsOf = (text: string) => documents(text).map((document) => Object(document).kind);

let folder = '/';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'install-'));
  await writeFile(join(folder, 'ca.crt'), '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n');
  await writeFile(join(folder, 'both.pem'), '-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n');
});
after(() => rm(folder, { recursive: true }));

test('prints documents for kubectl apply, the same each time', async () => {
  const [first, second] = [await install(...image), await install(...image)];
  assert.equal(first.code, 0);
  assert.equal(first.stdout, second.stdout);
  assert.deepEqual(kindsOf(first.stdout).slice(0, 3), ['Namespace', 'ServiceAccount', 'CustomResourceDefinition']);
  assert.equal(first.stderr, '');
});

test('as JSON it is one List', async () => {
  const { stdout } = await install(...image, '-o', 'json');
  const list: { kind: string; items: { kind: string }[] } = JSON.parse(stdout);
  assert.equal(list.kind, 'List');
  assert.deepEqual(
    list.items.map(({ kind }) => kind),
    kindsOf((await install(...image)).stdout),
  );
});

test('namespaces may be given with commas or blanks, in any order', async () => {
  const [a, b] = [
    await install(...image, '--namespaces', 'net,gpu'),
    await install(...image, '--namespaces', 'gpu', 'net'),
  ];
  assert.equal(a.stdout, b.stdout);
  assert.ok(kindsOf(a.stdout).includes('Role'));
});

test('a rotation keeps the present secret valid beside a new one', async () => {
  const { stdout, stderr } = await install(...image, '--sink', 'https://kmm.example', '--rotate');
  const [data] = valuesOf('stringData', documents(stdout));
  const { hook, 'previous-hook': previous } = Object(data);
  assert.equal(previous, env.KMM_HOOK_SECRET);
  assert.notEqual(hook, previous);
  assert.ok(stdout.includes(`https://kmm.example/cluster/${hook}/node`));
  assert.ok(!stdout.includes(`/cluster/${previous}/`));
  assert.match(stderr, /both are valid/);
  assert.ok(!stderr.includes(hook) && !stderr.includes(previous), 'no secret on standard error');
});

test('a secret that is made anew is told of, but not told', async () => {
  const { stdout, stderr } = await callKmm(['install', '--sink', 'https://kmm.example', '--profile', 'lambda']);
  const secret = /\/cluster\/([^/]+)\/node/.exec(stdout)?.[1] ?? '';
  assert.match(secret, /^[A-Za-z0-9_-]{32}$/);
  assert.match(stderr, /KMM_HOOK_SECRET/);
  assert.match(stderr, /user "kmm-functions"/);
  assert.ok(!stderr.includes(secret));
});

test('the profiles and what goes with them', async () => {
  const ca = ['--ca-bundle', 'ca.crt'];
  const called = await install(...image, '--tls-secret', 'tls', ...ca);
  assert.ok(kindsOf(called.stdout).includes('ValidatingWebhookConfiguration'));
  assert.match(called.stderr, /who fills the TLS Secret renews it/);
  assert.ok(kindsOf((await install(...image, '--profile', 'knative')).stdout).includes('ApiServerSource'));
  const labelled = await install(...image, '--kernel-label', 'policy', '--ignore-taint', 'example.com/draining');
  assert.ok(kindsOf(labelled.stdout).includes('MutatingAdmissionPolicy'));
  assert.match(labelled.stdout, /example\.com\/draining/);
});

const refused: [argv: string[], says: RegExp][] = [
  [[], /--image is needed/],
  [['--profile', 'lambda'], /--sink is needed/],
  [['--profile', 'mainframe'], /Allowed choices/],
  [[...image, '--sink', 'http://kmm.example'], /https address/],
  [[...image, '--sink', 'https://kmm.example/?a=b'], /without user, query/],
  [[...image, '--tls-secret', 'a'], /--ca-bundle or --inject-ca-from/],
  [[...image, '--tls-secret', 'a', '--sink', 'https://kmm.example'], /without --sink/],
  [[...image, '--inject-ca-from', 'a/b'], /goes with --tls-secret/],
  [[...image, '--sink', 'https://kmm.example', '--ca-bundle', 'none.crt'], /none\.crt can't be read/],
  [[...image, '--sink', 'https://kmm.example', '--ca-bundle', 'both.pem'], /no private key/],
  [[...image, '--namespaces', 'Gpu'], /"Gpu" is no name of a namespace/],
  [[...image, '-o', 'table'], /Allowed choices/],
];
for (const [argv, says] of refused) {
  test(`refuses ${argv.join(' ') || 'nothing at all'}`, async () => {
    const { code, stdout, stderr } = await install(...argv);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, says);
  });
}

test('a rotation without the present secret, and a secret that is none, are refused', () => {
  assert.throws(() => toSecrets({}, true), /KMM_HOOK_SECRET/);
  for (const value of ['short', 'with a blank in it', 'with/a/slash/in/it']) {
    assert.throws(() => toSecrets({ KMM_HOOK_SECRET: value }, false), /16 to 128/);
  }
});

test('help tells the ways of an installation', async () => {
  const { code, stdout } = await callKmm(['install', '--help']);
  assert.equal(code, 0);
  assert.match(stdout, /kubectl apply -f -/);
});

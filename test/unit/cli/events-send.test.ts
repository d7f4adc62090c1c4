import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { registryHook } from '../../../functions/registry-hook/registry-hook.ts';
import type { SampleName } from '../../../infra/cli/events/samples/samples.ts';
import { sampleNames, samples } from '../../../infra/cli/events/samples/samples.ts';
import { type DoorSource, doorSources, requirementsOf } from '../../../shared/events/sources/authentication.ts';
import { sources } from '../../../shared/events/sources/sources.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import { httpApp } from '../../../shared/runtime/http-app.ts';
import { createFakeBus } from '../../fakes/bus.ts';
import { createFakeLogger } from '../../fakes/logger.ts';
import { callKmm } from './call-kmm.ts';

const secret = 'the-secret-of-this-test';
/** Google's token is checked against the keys of its issuer: a test of its own does that. */
const bySecret = sampleNames.filter((source) => requirementsOf(source).by !== 'identity token');

/** The real door with one source, behind `fetch`. */
function aDoor(source: SampleName, mode: 'token' | 'hmac' = 'token') {
  const bus = createFakeBus();
  const logger = createFakeLogger();
  const required = requirementsOf(source).registry === 'required';
  const registry = required ? 'zot.example' : undefined;
  const sender = { source, name: 'main', secrets: [secret], header: 'authorization', mode };
  const hook = registryHook(
    [{ ...sender, ...(registry !== undefined && { registry }) }],
    { ignoredTaints: defaultIgnoredTaints },
    { bus, logger, now: () => new Date(0) },
  );
  const app = httpApp([hook], logger);
  const send = (argv: string[], env: Record<string, string> = { KMM_DOOR_SECRET: secret }) =>
    callKmm(['events', 'send', '--source', source, '-o', 'json', ...argv], {
      env,
      ports: { fetch: async (url, init) => app.request(String(url), init) },
    });
  return { bus, logger, send };
}

suite('kmm events send', () => {
  test('knows a sample of every source that tells of images', () => {
    const others: DoorSource[] = ['knative-api-server', 'manual'];
    assert.deepEqual([...sampleNames, ...others].sort(), Object.keys(doorSources).sort());
  });

  for (const source of sampleNames) {
    test(`makes an event that only ${source} recognises`, async () => {
      const { stdout } = await callKmm(['events', 'send', '--source', source, '--print']);
      const seen = Object.entries(sources).filter(([, { recognise }]) => recognise(JSON.parse(stdout)));
      assert.deepEqual(
        seen.map(([name]) => name),
        [source],
      );
    });
  }

  for (const source of bySecret) {
    test(`proves itself to the door as ${source} does, and its push is queued`, async () => {
      const { bus, send } = aDoor(source);
      const { code, stdout } = await send(['--image', samples[source].image.replace('6.1.0', '6.2.0')]);
      assert.equal(code, 0, stdout);
      const triggers = bus.published.map((message) => ('trigger' in message ? message.trigger : undefined));
      assert.ok(triggers.length > 0 && triggers.every((trigger) => trigger?.kind === 'image'));
      assert.ok(triggers.some((trigger) => trigger?.kind === 'image' && trigger.tag === '6.2.0'));
    });

    test(`with another secret ${source} is refused: 401, nothing queued, no secret said`, async () => {
      const { bus, logger, send } = aDoor(source);
      const said = await send([], { KMM_DOOR_SECRET: 'another-secret-altogether' });
      assert.equal(said.code, 1);
      assert.equal(JSON.parse(said.stdout).status, 401);
      assert.deepEqual(bus.published, []);
      for (const text of [said.stdout, said.stderr, logger.text()]) assert.ok(!text.includes('another-secret'));
    });
  }

  const silent: SampleName[] = ['quay', 'docker-hub', 'ghcr'];
  for (const source of sampleNames) {
    test(`${source} ${silent.includes(source) ? 'never tells' : 'tells'} of a delete`, async () => {
      const argv = ['events', 'send', '--source', source, '--delete', '--print'];
      const { code, stdout, stderr } = await callKmm(argv);
      assert.equal(code, silent.includes(source) ? 2 : 0, stderr);
      if (silent.includes(source)) return assert.match(stderr, /never tells of a delete: the sweep finds it/);
      const [decoded] = sources[source].decode(JSON.parse(stdout), { ignoredTaints: [], registry: 'zot.example' });
      assert.equal(
        decoded?.kind === 'triggers' && decoded.triggers[0]?.kind === 'image' && decoded.triggers[0].action,
        'delete',
      );
    });
  }

  test('signs a JFrog event when the mode says so, and the door that expects a token refuses it', async () => {
    assert.equal((await aDoor('jfrog', 'hmac').send(['--mode', 'hmac'])).code, 0);
    assert.equal((await aDoor('jfrog', 'token').send(['--mode', 'hmac'])).code, 1);
  });

  test('puts the secret where it is told to', async () => {
    assert.equal((await aDoor('harbor').send(['--secret-in', 'path'])).code, 0);
    assert.equal((await aDoor('harbor').send(['--secret-in', 'X-Other'])).code, 1);
  });

  const refused: [argv: string[], says: RegExp][] = [
    [['--source', 'nexus'], /There is no sample of "nexus"; there are distribution, /],
    [['--source', 'manual'], /sent by "kmm re-resolve --door"/],
    [['--source', 'harbor'], /variable KMM_DOOR_SECRET is empty/],
    [
      ['--source', 'ghcr', '--image', 'quay.io/a/b:1'],
      /it would be about ghcr\.io\/a\/b; its images are like ghcr\.io/,
    ],
    [['--source', 'ecr', '--image', 'registry.example/a/b:1'], /its images are like 123456789012\./],
    [['--source', 'quay', '--image', `quay.io/a/b@sha256:${'0'.repeat(64)}`], /never tells of an image without a tag/],
    [['--source', 'harbor', '--url', 'ftp://kmm.example'], /--url takes the address of a source/],
  ];
  for (const [argv, says] of refused) {
    test(`"kmm events send ${argv.join(' ')}" is wrong usage and is told so`, async () => {
      const env: Record<string, string> = argv.includes('--url') ? { KMM_DOOR_SECRET: secret } : {};
      const { code, stderr } = await callKmm(['events', 'send', ...argv], { env });
      assert.equal(code, 2);
      assert.match(stderr, says);
    });
  }

  test('a source that the server has not got is a 404 with a hint', async () => {
    const { code, stderr } = await aDoor('harbor').send(['--url', 'https://kmm.example/events/harbor/other']);
    assert.equal(code, 1);
    assert.match(stderr, /the path is \/events\/harbor\/<name>/);
  });

  test('a door that is not there is said without path and secret', async () => {
    const url = 'https://kmm.example/events/quay/main';
    const { code, stderr } = await callKmm(['events', 'send', '--source', 'quay', '--url', url], {
      env: { KMM_DOOR_SECRET: secret },
    });
    assert.equal(code, 2);
    assert.match(stderr, /The door at kmm\.example could not be reached/);
    assert.ok(!stderr.includes('/events/') && !stderr.includes(secret));
  });
});

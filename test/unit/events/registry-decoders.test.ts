import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Decoded } from '../../../shared/events/decoded.ts';
import { type SourceName, sources } from '../../../shared/events/sources/sources.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import { registryEvent } from '../../builders/registry-events.ts';

const digest = 'sha256:588639a61a605199102d6db2bb4fcb3c0e4fb76d1c10462fae565473d4d8e175';
const options = { ignoredTaints: defaultIgnoredTaints };
const zotOptions = { ...options, registry: 'zot.example:5000' };

/** The sample as it is, or with its body changed. */
function decode(source: SourceName, sample: string, change?: (body: never) => void): Decoded[] {
  const { headers, body: text } = registryEvent(sample);
  const body = JSON.parse(text);
  change?.(body as never);
  return sources[source].decode({ headers, body }, source === 'zot' ? zotOptions : options);
}

const triggersOf = (decoded: readonly Decoded[]) =>
  decoded.flatMap((item) => (item.kind === 'triggers' ? item.triggers : []));

const image = (registry: string, rest: object, repository = 'drivers/nic') => ({
  kind: 'image',
  action: 'push',
  registry,
  repository,
  ...rest,
});
const inGoogle = (rest: object) => image('us-docker.pkg.dev', rest, 'acme/drivers/nic');
const inJfrog = (rest: object) => [
  image('acme.jfrog.io', rest, 'docker-local/drivers/nic'),
  image('docker-local.acme.jfrog.io', rest),
];
const inEcr = '123456789012.dkr.ecr.us-west-2.amazonaws.com';
const both = { tag: '6.1.0', digest };

const understood: [source: SourceName, sample: string, triggers: object[]][] = [
  ['google', 'google-insert', [inGoogle(both)]],
  ['google', 'google-delete-tag', [inGoogle({ action: 'delete', tag: '6.1.0' })]],
  ['google', 'google-delete-digest', [inGoogle({ action: 'delete', digest })]],
  ['jfrog', 'jfrog-pushed', inJfrog(both)],
  ['jfrog', 'jfrog-deleted', inJfrog({ action: 'delete', ...both })],
  ['gitea', 'gitea-created', [image('git.example', { tag: '6.1.0' })]],
  ['gitea', 'gitea-deleted', [image('git.example', { action: 'delete', tag: '6.1.0' })]],
  ['gitea', 'forgejo-created-digest', [image('git.example', { digest })]],
  ['zot', 'zot-image-updated', [image('zot.example:5000', both)]],
  ['zot', 'zot-image-deleted', [image('zot.example:5000', { action: 'delete', digest })]],
  ['generic', 'generic-push', [image('registry.example:5000', { tag: '6.1.0' })]],
  ['ecr', 'ecr-push', [image(inEcr, both)]],
  ['ecr-cloud-event', 'ecr-cloud-event-push', [image(inEcr, both)]],
  ['own-event', 'own-event-image', [image('registry.example:5000', both)]],
];
for (const [source, sample, expected] of understood) {
  test(`the sample ${sample} of ${source} is an image`, () =>
    assert.deepEqual(triggersOf(decode(source, sample)), expected));
}

const ignoredSamples: [source: SourceName, sample: string][] = [
  ['google', 'google-other'],
  ['jfrog', 'jfrog-artifact-deployed'],
  ['gitea', 'gitea-npm-created'],
  ['zot', 'zot-chart-updated'],
  ['zot', 'zot-repository-created'],
  ['ecr', 'ecr-scan'],
  ['ecr-cloud-event', 'ecr-cloud-event-scan'],
];
for (const [source, sample] of ignoredSamples) {
  test(`the sample ${sample} of ${source} is ignored with a reason`, () => {
    const [item] = decode(source, sample);
    assert.ok(item?.kind === 'ignored' && item.why.length > 0);
  });
}

test('every sample is of exactly one source', () => {
  for (const [source, sample] of [...understood, ...ignoredSamples]) {
    const { headers, body } = registryEvent(sample);
    const event = { headers, body: JSON.parse(body) };
    const found = Object.entries(sources).filter(([, candidate]) => candidate.recognise(event));
    assert.deepEqual(
      found.map(([name]) => name),
      [source],
      sample,
    );
  }
});

describe('what nobody may write into a reference is poison, and never repeated', () => {
  const password = 'hunter2hunter2';
  const hostile = [
    `https://user:${password}@registry.example`,
    `user:${password}@registry.example`,
    `registry.example\n${password}`,
    password.repeat(1000),
    `../../${password}`,
    `${password}\u0000`,
  ];
  const message = (data: object) => Buffer.from(JSON.stringify(data)).toString('base64');
  type Fields = Record<string, Record<string, unknown>>;
  const places: [source: SourceName, sample: string, place: string, set: (body: Fields, text: string) => void][] = [
    [
      'google',
      'google-insert',
      'the digest',
      ({ message: to }, text) => set(to, 'data', message({ action: 'INSERT', digest: text })),
    ],
    [
      'google',
      'google-insert',
      'the tag',
      ({ message: to }, text) => set(to, 'data', message({ action: 'INSERT', tag: text })),
    ],
    ['jfrog', 'jfrog-pushed', 'the tag', ({ data }, text) => set(data, 'tag', text)],
    ['jfrog', 'jfrog-pushed', 'the image', ({ data }, text) => set(data, 'image_name', text)],
    ['jfrog', 'jfrog-pushed', 'the repository', ({ data }, text) => set(data, 'repo_key', text)],
    ['gitea', 'gitea-created', 'the version', ({ package: to }, text) => set(to, 'version', text)],
    ['gitea', 'gitea-created', 'the name', ({ package: to }, text) => set(to, 'name', text)],
    ['zot', 'zot-image-updated', 'the reference', (body, text) => set(body, 'reference', text)],
    ['zot', 'zot-image-updated', 'the name', (body, text) => set(body, 'name', text)],
    ['generic', 'generic-push', 'an image', (body, text) => set(body, 'images', [`${text}/nic:1`])],
    ['ecr-cloud-event', 'ecr-cloud-event-push', 'the tag', ({ data }, text) => set(data, 'imageTag', text)],
    ['ecr-cloud-event', 'ecr-cloud-event-push', 'the account', ({ data }, text) => set(data, 'registryId', text)],
    [
      'ecr-cloud-event',
      'ecr-cloud-event-push',
      'the source',
      (body, text) => {
        set(body['data'], 'registryId', undefined);
        set(body, 'source', `urn:aws:ecr:us-west-2:${text}:repository/a`);
      },
    ],
    ['own-event', 'own-event-image', 'the registry', ({ data }, text) => set(data, 'registry', text)],
    ['own-event', 'own-event-image', 'the tag', ({ data }, text) => set(data, 'tag', text)],
  ];
  for (const [source, sample, place, change] of places) {
    test(`${source}: ${place}`, () => {
      for (const text of hostile) {
        const [item] = decode(source, sample, (body: Fields) => change(body, text));
        assert.ok(item?.kind === 'poison', `${text.slice(0, 60)}: ${item?.kind}`);
        assert.ok(!item.error.message.includes(password) && item.error.message.length < 300, item.error.message);
      }
    });
  }

  function set(to: unknown, key: string, value: unknown): void {
    assert.ok(typeof to === 'object' && to !== null);
    Object.assign(to, { [key]: value });
  }
});

describe('a host that an event names', () => {
  const hosts: [source: SourceName, sample: string, change: (body: never, url: string) => void][] = [
    ['jfrog', 'jfrog-pushed', (body: { jpd_origin: string }, url) => Object.assign(body, { jpd_origin: url })],
    ['gitea', 'gitea-created', (body: { package: object }, url) => Object.assign(body.package, { html_url: url })],
  ];
  for (const [source, sample, change] of hosts) {
    test(`of ${source} never brings credentials along`, () => {
      const found = decode(source, sample, (body) => change(body, 'https://user:hunter2@other.example:8443/x'));
      assert.ok(triggersOf(found).length > 0);
      assert.ok(JSON.stringify(found).includes('other.example:8443') && !JSON.stringify(found).includes('hunter2'));
    });
    test(`of ${source} that is none is poison`, () => {
      for (const url of ['', 'not a url', 'file:///etc/passwd', '//x'])
        assert.equal(decode(source, sample, (body) => change(body, url))[0]?.kind, 'poison', url);
    });
  }
});

describe('signatures and attestations are no images', () => {
  const tag = `sha256-${'b'.repeat(64)}.sig`;
  const pushes: [source: SourceName, sample: string, change: (body: never) => void][] = [
    ['jfrog', 'jfrog-pushed', (body: { data: object }) => Object.assign(body.data, { tag })],
    ['gitea', 'gitea-created', (body: { package: object }) => Object.assign(body.package, { version: tag })],
    ['zot', 'zot-image-updated', (body: object) => Object.assign(body, { reference: tag })],
    ['generic', 'generic-push', (body: object) => Object.assign(body, { images: [`r.example/a:${tag}`] })],
    [
      'ecr-cloud-event',
      'ecr-cloud-event-push',
      (body: { data: object }) => Object.assign(body.data, { imageTag: tag }),
    ],
  ];
  for (const [source, sample, change] of pushes)
    test(source, () => assert.equal(decode(source, sample, change)[0]?.kind, 'ignored'));
});

test('a generic event keeps a bad reference from the good ones, and means latest by none', () => {
  const found = decode('generic', 'generic-push', (body: object) =>
    Object.assign(body, { images: ['r.example/a', 7, `r.example/b@${digest}`] }),
  );
  assert.deepEqual(
    found.map(({ kind }) => kind),
    ['triggers', 'poison', 'triggers'],
  );
  assert.deepEqual(triggersOf(found), [
    image('r.example', { tag: 'latest' }, 'a'),
    image('r.example', { digest }, 'b'),
  ]);
});

test('an Artifactory behind a proxy is called as the configuration says', () => {
  const { headers, body } = registryEvent('jfrog-pushed');
  const found = sources.jfrog.decode({ headers, body: JSON.parse(body) }, { ...options, registry: 'docker.example' });
  assert.deepEqual(triggersOf(found), [
    image('docker.example', both, 'docker-local/drivers/nic'),
    image('docker.example', both),
  ]);
});

test('a message of Google whose tag and digest are of different images is poison', () => {
  const data = { action: 'INSERT', digest: `r.example/a@${digest}`, tag: 'other.example/a:1' };
  const message = { data: Buffer.from(JSON.stringify(data)).toString('base64') };
  const [item] = sources.google.decode({ headers: {}, body: { message, subscription: 's' } }, options);
  assert.equal(item?.kind, 'poison');
});

test('Zot without a configured registry is poison', () => {
  const { headers, body } = registryEvent('zot-image-updated');
  assert.equal(sources.zot.decode({ headers, body: JSON.parse(body) }, options)[0]?.kind, 'poison');
});

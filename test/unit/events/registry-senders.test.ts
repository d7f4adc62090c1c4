import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Decoded } from '../../../shared/events/decoded.ts';
import type { IncomingEvent } from '../../../shared/events/sources/source.ts';
import { type SourceName, sources } from '../../../shared/events/sources/sources.ts';
import { TriggerSchema } from '../../../shared/events/trigger-schema.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import { registryEvent, registrySamples } from '../../builders/registry-events.ts';

const options = { ignoredTaints: defaultIgnoredTaints };
const digest = 'sha256:588639a61a605199102d6db2bb4fcb3c0e4fb76d1c10462fae565473d4d8e175';
const signatureTag = `${digest.replace(':', '-')}.sig`;

/** The parsed body of a sample. */
const load = (name: string): IncomingEvent => {
  const { headers, body } = registryEvent(name);
  return { headers, body: JSON.parse(body) };
};
const triggers = (decoded: readonly Decoded[]) =>
  decoded.flatMap((item) => (item.kind === 'triggers' ? item.triggers : []));

/** A copy of a JSON value in which the value at a path is another one; `undefined` takes it away. */
function replaced(value: unknown, path: readonly (string | number)[], by: unknown): unknown {
  const copy = structuredClone(value);
  const holder = path.slice(0, -1).reduce<unknown>((at, key) => Reflect.get(Object(at), key), copy);
  Reflect.set(Object(holder), path.at(-1) ?? '', by);
  return JSON.parse(JSON.stringify(copy));
}

const tag = '6.1.0-18-amd64';
const meanings: [source: SourceName, sample: string, image: object | 'ignored'][] = [
  [
    'harbor',
    'harbor-push',
    { action: 'push', registry: 'harbor.example:8443', repository: 'drivers/nic', tag, digest },
  ],
  ['harbor', 'harbor-delete', { action: 'delete', registry: 'harbor.example:8443', repository: 'drivers/nic', digest }],
  [
    'harbor',
    'harbor-cloudevent-push',
    { action: 'push', registry: 'harbor.example:8443', repository: 'drivers/nic', tag, digest },
  ],
  [
    'harbor',
    'harbor-cloudevent-delete',
    { action: 'delete', registry: 'harbor.example:8443', repository: 'drivers/nic', digest },
  ],
  ['harbor', 'harbor-cloudevent-pull', 'ignored'],
  ['quay', 'quay-push', { action: 'push', registry: 'quay.io', repository: 'drivers/nic', tag }],
  ['quay', 'quay-build-queued', 'ignored'],
  ['docker-hub', 'docker-hub-push', { action: 'push', registry: 'docker.io', repository: 'acme/nic', tag }],
  ['ghcr', 'ghcr-package', { action: 'push', registry: 'ghcr.io', repository: 'acme/nic', tag, digest }],
  ['ghcr', 'ghcr-registry-package', { action: 'push', registry: 'ghcr.io', repository: 'acme/nic', digest }],
  ['ghcr', 'ghcr-ping', 'ignored'],
  ['acr', 'acr-push', { action: 'push', registry: 'acme.azurecr.io', repository: 'drivers/nic', tag, digest }],
  ['acr', 'acr-delete', { action: 'delete', registry: 'acme.azurecr.io', repository: 'drivers/nic', digest }],
  ['acr', 'acr-ping', 'ignored'],
  ['acr', 'acr-chart-push', 'ignored'],
  [
    'acr',
    'acr-event-grid-push',
    { action: 'push', registry: 'acme.azurecr.io', repository: 'drivers/nic', tag, digest },
  ],
  [
    'acr',
    'acr-event-grid-delete',
    { action: 'delete', registry: 'acme.azurecr.io', repository: 'drivers/nic', digest },
  ],
  ['acr', 'acr-event-grid-chart', 'ignored'],
];

for (const [source, sample, image] of meanings) {
  test(`the sample ${sample} is ${image === 'ignored' ? 'ignored' : 'one image'}, and of ${source} alone`, () => {
    const event = load(sample);
    const recognised = Object.entries(sources).filter(([, candidate]) => candidate.recognise(event));
    assert.deepEqual(
      recognised.map(([name]) => name),
      [source],
    );
    const decoded = sources[source].decode(event, options);
    assert.deepEqual(
      decoded.map(({ kind }) => kind),
      [image === 'ignored' ? 'ignored' : 'triggers'],
    );
    assert.deepEqual(triggers(decoded), image === 'ignored' ? [] : [{ kind: 'image', ...image }]);
  });
}

const manifest = ['package', 'package_version', 'container_metadata', 'manifest'];
const variants: [
  what: string,
  source: SourceName,
  sample: string,
  path: (string | number)[],
  value: unknown,
  kind: Decoded['kind'],
][] = [
  ['a signature', 'harbor', 'harbor-push', ['event_data', 'resources', 0, 'tag'], signatureTag, 'ignored'],
  ['no resource', 'harbor', 'harbor-push', ['event_data', 'resources'], [], 'ignored'],
  ['no repository', 'harbor', 'harbor-push', ['event_data', 'repository'], undefined, 'poison'],
  [
    'an address without a host',
    'harbor',
    'harbor-push',
    ['event_data', 'resources', 0, 'resource_url'],
    '/nic',
    'poison',
  ],
  ['only a signature', 'quay', 'quay-push', ['updated_tags'], [signatureTag], 'ignored'],
  ['tags as older releases have them', 'quay', 'quay-push', ['updated_tags'], { latest: 'b750fe' }, 'triggers'],
  ['no list of tags', 'quay', 'quay-push', ['updated_tags'], 'latest', 'poison'],
  ['more tags than anybody pushes', 'quay', 'quay-push', ['updated_tags'], Array(1001).fill('a'), 'poison'],
  ['a signature', 'docker-hub', 'docker-hub-push', ['push_data', 'tag'], signatureTag, 'ignored'],
  ['no tag', 'docker-hub', 'docker-hub-push', ['push_data', 'tag'], undefined, 'poison'],
  ['another action', 'ghcr', 'ghcr-package', ['action'], 'deleted', 'ignored'],
  ['an npm package', 'ghcr', 'ghcr-package', ['package', 'ecosystem'], 'npm', 'ignored'],
  ['an update', 'ghcr', 'ghcr-package', ['action'], 'updated', 'triggers'],
  [
    'an attestation',
    'ghcr',
    'ghcr-package',
    [...manifest, 'layers', 0, 'media_type'],
    'application/vnd.in-toto+json',
    'ignored',
  ],
  [
    'a chart',
    'ghcr',
    'ghcr-package',
    [...manifest, 'config', 'media_type'],
    'application/vnd.cncf.helm.config.v1+json',
    'ignored',
  ],
  ['an index', 'ghcr', 'ghcr-package', manifest, { media_type: 'application/vnd.oci.image.index.v1+json' }, 'triggers'],
  ['no manifest', 'ghcr', 'ghcr-package', manifest, null, 'triggers'],
  ['no owner', 'ghcr', 'ghcr-package', ['package', 'owner'], null, 'poison'],
  ['an owner that climbs', 'ghcr', 'ghcr-package', ['package', 'owner', 'login'], '../x', 'poison'],
  ['a blob', 'acr', 'acr-push', ['target', 'mediaType'], 'application/octet-stream', 'ignored'],
  ['a quarantine', 'acr', 'acr-push', ['action'], 'quarantine', 'ignored'],
  ['no host', 'acr', 'acr-push', ['request'], undefined, 'poison'],
  ['no data', 'acr', 'acr-event-grid-push', ['data'], undefined, 'poison'],
  ['no id, which the SDK would invent', 'acr', 'acr-event-grid-push', ['id'], undefined, 'poison'],
];

for (const [what, source, sample, path, value, kind] of variants) {
  test(`${sample} with ${what} is ${kind}`, () => {
    const event = load(sample);
    const decoded = sources[source].decode({ ...event, body: replaced(event.body, path, value) }, options);
    assert.deepEqual(
      decoded.map((item) => item.kind),
      [kind],
    );
  });
}

test('Event Grid’s own schema is poison that says what to choose', () => {
  const [decoded] = sources.acr.decode({ headers: {}, body: [{ eventType: 'x', data: {} }] }, options);
  assert.match(decoded?.kind === 'poison' ? decoded.error.message : '', /Cloud Event Schema/);
});

test('an official image of Docker Hub is in library, as references have it', () => {
  const event = load('docker-hub-push');
  const decoded = sources['docker-hub'].decode(
    { ...event, body: replaced(event.body, ['repository', 'repo_name'], 'alpine') },
    options,
  );
  assert.deepEqual(triggers(decoded), [
    { kind: 'image', action: 'push', registry: 'docker.io', repository: 'library/alpine', tag },
  ]);
});

const password = 'hunter2-hunter2';
const hostile: [what: string, text: string][] = [
  ['a host with credentials', `https://admin:${password}@evil.example/x`],
  ['credentials before a host', `admin:${password}@evil.example/drivers/nic`],
  ['a line break and a header', `nic\r\nx-evil: ${password}`],
  ['10,000 characters', password.repeat(700)],
  ['a zero byte', `nic\0${password}`],
  ['a path that climbs', `../../${password}`],
];

/** The path of every text within a JSON value. */
function textsIn(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, [...path, key]));
}

/** What goes on from here: triggers, which must be able to travel, and words for a log. */
function whatLeaves(decoded: readonly Decoded[]): string {
  const reasons = decoded.map((item) => (item.kind === 'poison' ? item.error.message : item.kind));
  return JSON.stringify([triggers(decoded).map((trigger) => TriggerSchema.parse(trigger)), reasons]);
}

for (const { source, push, names = 1 } of registrySamples) {
  describe(`${source} with ${push}`, () => {
    for (const [what, text] of hostile) {
      test(`takes ${what} nowhere, wherever it stands`, () => {
        const event = load(push);
        for (const path of textsIn(event.body)) {
          const decoded = sources[source].decode({ ...event, body: replaced(event.body, path, text) }, options);
          assert.equal(whatLeaves(decoded).includes(password), false, path.join('.'));
        }
      });
    }

    test('calls its registry as the configuration does', () => {
      const decoded = sources[source].decode(load(push), { ...options, registry: 'mirror.example' });
      assert.deepEqual(
        triggers(decoded).map((trigger) => trigger.kind === 'image' && trigger.registry),
        Array(names).fill('mirror.example'),
      );
    });
  });
}

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeEvent } from '../../../shared/events/decode-event.ts';
import type { Decoded } from '../../../shared/events/decoded.ts';
import { allSources, sources } from '../../../shared/events/sources/sources.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';

const options = { ignoredTaints: defaultIgnoredTaints };
const digest = `sha256:${'a'.repeat(64)}`;

/** What came of each item, in one word. */
const kinds = (decoded: readonly Decoded[]) => decoded.map(({ kind }) => kind);
const triggers = (decoded: readonly Decoded[]) =>
  decoded.flatMap((item) => (item.kind === 'triggers' ? item.triggers : []));

describe('an ECR event', () => {
  const event = (detail: object = {}, rest: object = {}) => ({
    headers: {},
    body: {
      source: 'aws.ecr',
      'detail-type': 'ECR Image Action',
      account: '123456789012',
      region: 'eu-west-1',
      detail: {
        result: 'SUCCESS',
        'repository-name': 'drivers/nic',
        'image-digest': digest,
        'action-type': 'PUSH',
        'image-tag': '6.1.0',
        ...detail,
      },
      ...rest,
    },
  });
  const trigger = {
    kind: 'image',
    action: 'push',
    registry: '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
    repository: 'drivers/nic',
    tag: '6.1.0',
    digest,
  };

  test('of a push names the account’s registry', () =>
    assert.deepEqual(triggers(decodeEvent(event(), options, allSources)), [trigger]));
  test('of China names the registry there', () => {
    const found = triggers(decodeEvent(event({}, { region: 'cn-north-1' }), options, allSources));
    assert.deepEqual(found, [{ ...trigger, registry: '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn' }]);
  });
  test('of a delete without a tag keeps the digest', () => {
    const { tag: _, ...untagged } = trigger;
    const found = triggers(
      decodeEvent(event({ 'action-type': 'DELETE', 'image-tag': undefined }), options, allSources),
    );
    assert.deepEqual(found, [{ ...untagged, action: 'delete' }]);
  });
  const others: [what: string, input: ReturnType<typeof event>, kind: Decoded['kind']][] = [
    ['that failed is ignored', event({ result: 'FAILURE' }), 'ignored'],
    ['of a scan is ignored', event({}, { 'detail-type': 'ECR Image Scan' }), 'ignored'],
    [
      'of a Helm chart is ignored',
      event({ 'artifact-media-type': 'application/vnd.cncf.helm.config.v1+json' }),
      'ignored',
    ],
    ['of a signature is ignored', event({ 'image-tag': `sha256-${'b'.repeat(64)}.sig` }), 'ignored'],
    ['with a region that is a host is poison', event({}, { region: 'evil.example/x' }), 'poison'],
    ['with an account that is no number is poison', event({}, { account: 'evil' }), 'poison'],
    ['with a digest that is none is poison', event({ 'image-digest': 'sha256:../..' }), 'poison'],
  ];
  for (const [what, input, kind] of others)
    test(what, () => assert.deepEqual(kinds(decodeEvent(input, options, allSources)), [kind]));
});

describe('a registry notification', () => {
  const manifest = 'application/vnd.oci.image.manifest.v1+json';
  const push = (target: object = {}, rest: object = {}) => ({
    action: 'push',
    target: { mediaType: manifest, repository: 'a/b', tag: '1', digest, ...target },
    request: { host: 'r.example:5000' },
    ...rest,
  });
  const decode = (...events: unknown[]) => sources.distribution.decode({ headers: {}, body: { events } }, options);

  const cases: [what: string, event: unknown, kind: Decoded['kind']][] = [
    ['of a manifest counts', push(), 'triggers'],
    [
      'of an index counts',
      push({ mediaType: 'application/vnd.oci.image.index.v1+json', references: [{ mediaType: manifest }] }),
      'triggers',
    ],
    [
      'of a Docker image counts',
      push({ mediaType: 'application/vnd.docker.distribution.manifest.v2+json' }),
      'triggers',
    ],
    ['of an image by digest alone counts', push({ tag: undefined }), 'triggers'],
    ['of a blob is ignored', push({ mediaType: 'application/octet-stream' }), 'ignored'],
    [
      'of a chart is ignored',
      push({ references: [{ mediaType: 'application/vnd.cncf.helm.config.v1+json' }] }),
      'ignored',
    ],
    ['of a cosign signature is ignored', push({ tag: `sha256-${'b'.repeat(64)}.sig` }), 'ignored'],
    [
      'of an attestation is ignored',
      push({
        references: [
          { mediaType: 'application/vnd.oci.image.config.v1+json' },
          { mediaType: 'application/vnd.in-toto+json' },
        ],
      }),
      'ignored',
    ],
    ['of a referrers tag is ignored', push({ tag: `sha256-${'b'.repeat(64)}` }), 'ignored'],
    ['of a pull is ignored', push({}, { action: 'pull' }), 'ignored'],
    ['without a host is poison', push({}, { request: {} }), 'poison'],
    ['with a host that is a path is poison', push({}, { request: { host: 'r.example/../x' } }), 'poison'],
    ['with a repository that climbs is poison', push({ repository: '../../etc' }), 'poison'],
    ['of nothing in particular is poison', push({ tag: undefined, digest: undefined }), 'poison'],
    ['that is a text is poison', 'push', 'poison'],
  ];
  for (const [what, event, kind] of cases) test(what, () => assert.deepEqual(kinds(decode(event)), [kind]));

  test('that is bad leaves the others of its batch alone', () => {
    assert.deepEqual(kinds(decode(push(), { action: 'push' }, push({}, { action: 'pull' }))), [
      'triggers',
      'poison',
      'ignored',
    ]);
  });
  test('takes the configured name of its registry', () => {
    const decoded = sources.distribution.decode(
      { headers: {}, body: { events: [push()] } },
      { ...options, registry: 'public.example' },
    );
    assert.equal(
      triggers(decoded).some((trigger) => trigger.kind === 'image' && trigger.registry === 'public.example'),
      true,
    );
  });
});

describe('a CloudEvent of ours', () => {
  const data = { cause: 'manual', scope: { namespace: 'ns', module: 'm' }, force: true };
  const envelope = { specversion: '1.0', id: '1', source: '/test', type: 'io.k8s.sigs.kmm.resolve', data };
  const structured = (body: unknown) => ({
    headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
    body,
  });
  const trigger = { kind: 'resolve', ...data };

  test('is read in structured mode', () =>
    assert.deepEqual(triggers(decodeEvent(structured(envelope), options, allSources)), [trigger]));
  test('is read in binary mode', () => {
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': '1',
      'ce-source': '/test',
      'ce-type': envelope.type,
      'content-type': 'application/json',
    };
    assert.deepEqual(triggers(decodeEvent({ headers, body: data }, options, allSources)), [trigger]);
  });
  test('is read from base64', () => {
    const { data: _, ...rest } = envelope;
    const data_base64 = Buffer.from(JSON.stringify(data)).toString('base64');
    assert.deepEqual(triggers(decodeEvent(structured({ ...rest, data_base64 }), options, allSources)), [trigger]);
  });
  test('is read from a batch, and bad ones in it stay alone', () => {
    const headers = { 'content-type': 'application/cloudevents-batch+json' };
    const body = [
      envelope,
      { ...envelope, id: undefined },
      7,
      { ...envelope, type: 'com.example.other' },
      { ...envelope, id: '2' },
    ];
    assert.deepEqual(kinds(decodeEvent({ headers, body }, options, allSources)), [
      'triggers',
      'poison',
      'poison',
      'ignored',
      'triggers',
    ]);
  });
  const poison: [what: string, body: object][] = [
    ['without an id, which the SDK would invent', { ...envelope, id: undefined }],
    ['without a source', { ...envelope, source: undefined }],
    ['of another version', { ...envelope, specversion: '0.3' }],
    ['with a time that is none', { ...envelope, time: 'yesterday' }],
    ['without data', { ...envelope, data: undefined }],
    ['with a misspelt scope', { ...envelope, data: { cause: 'manual', scope: { nameSpace: 'ns' } } }],
  ];
  for (const [what, body] of poison) {
    test(`is poison ${what}`, () =>
      assert.deepEqual(kinds(decodeEvent(structured(body), options, allSources)), ['poison']));
  }
  test('can’t claim in its data to be of another kind', () => {
    const body = { ...envelope, data: { ...data, kind: 'node', name: 'n', change: 'left' } };
    assert.deepEqual(triggers(decodeEvent(structured(body), options, allSources)), [trigger]);
  });
});

describe('a manual call', () => {
  const decode = (body: unknown) => sources.manual.decode({ headers: {}, body }, options);
  test('says its scope', () => {
    assert.deepEqual(triggers(decode({ scope: { node: 'n' }, rollout: true })), [
      { kind: 'resolve', cause: 'manual', scope: { node: 'n' }, rollout: true },
    ]);
  });
  for (const body of [{}, { scope: { modul: 'm' } }, { scope: {}, forced: true }, 'all', null, []]) {
    test(`is poison as ${JSON.stringify(body)}`, () => assert.deepEqual(kinds(decode(body)), ['poison']));
  }
});

test('a schedule of EventBridge is a sweep', () => {
  const body = { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} };
  assert.deepEqual(triggers(decodeEvent({ headers: {}, body }, options, allSources)), [
    { kind: 'resolve', scope: {}, cause: 'sweep' },
  ]);
});

describe('a review', () => {
  const node = {
    metadata: { name: 'n', uid: 'u' },
    status: { nodeInfo: { kernelVersion: 'k', bootID: 'b', architecture: 'amd64' } },
  };
  const review = (request: object) => ({
    headers: {},
    body: {
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: {
        uid: '1',
        kind: { group: '', version: 'v1', kind: 'Node' },
        operation: 'CREATE',
        object: node,
        oldObject: null,
        dryRun: false,
        ...request,
      },
    },
  });
  const decode = (request: object) => decodeEvent(review(request), options, allSources);

  test('of a dry run is ignored', () => assert.deepEqual(kinds(decode({ dryRun: true })), ['ignored']));
  test('of a Secret is ignored and never read', () => {
    assert.deepEqual(kinds(decode({ kind: { group: '', kind: 'Secret' }, object: { data: { password: 'x' } } })), [
      'ignored',
    ]);
  });
  test('of another group’s Node is ignored', () =>
    assert.deepEqual(kinds(decode({ kind: { group: 'example.com', kind: 'Node' } })), ['ignored']));
  test('of a delete by collection takes the name from the old object', () => {
    const found = triggers(decode({ operation: 'DELETE', object: null, oldObject: node }));
    assert.deepEqual(
      found.map((trigger) => trigger.kind === 'node' && [trigger.name, trigger.change]),
      [['n', 'left']],
    );
  });
  test('of a delete without its old object is poison', () =>
    assert.deepEqual(kinds(decode({ operation: 'DELETE', object: null })), ['poison']));
  test('of an object that is none is poison', () => assert.deepEqual(kinds(decode({ object: 'node' })), ['poison']));
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { Happening, HappeningContent } from '../../../infra/local/registry/happening.ts';
import { type NotificationFacts, toNotificationEvent } from '../../../infra/local/registry/notification-event.ts';

type Recorded = Pick<NotificationFacts, 'id' | 'timestamp' | 'request' | 'source'>;

const tiny = 'sha256:588639a61a605199102d6db2bb4fcb3c0e4fb76d1c10462fae565473d4d8e175';
const layer = 'sha256:0075c6f411fc7bc96b722a7c0ee461983a76200d89694ea0125c4999a46dce7e';
const manifest = {
  kind: 'manifests',
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: tiny,
  size: 499,
  tag: '1',
  references: [
    {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      size: 634,
      digest: 'sha256:b71854490c3bc66f4cb72bd6102db124f596c5f9048a9bbcb8386aa76f7aa0ab',
    },
    { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', size: 112, digest: layer },
  ],
} satisfies HappeningContent;

const recordings: [file: string, happening: Happening][] = [
  ['notification-push-manifest', { action: 'push', repository: 't/tiny', content: manifest }],
  ['notification-pull', { action: 'pull', repository: 't/tiny', content: manifest }],
  [
    'notification-mount',
    {
      action: 'mount',
      repository: 't/other',
      fromRepository: 't/tiny',
      content: { kind: 'blobs', mediaType: 'application/octet-stream', digest: layer, size: 112 },
    },
  ],
  ['notification-delete-digest', { action: 'delete', repository: 't/other', deleted: { digest: tiny } }],
  ['notification-delete-tag', { action: 'delete', repository: 't/other', deleted: { tag: '2' } }],
];

describe("an event equals the one that CNCF Distribution sent, down to its fields' order", () => {
  for (const [file, happening] of recordings) {
    test(file, () => {
      const path = `${import.meta.dirname}/../../fixtures/registry/${file}.json`;
      const recorded: Recorded = JSON.parse(JSON.parse(readFileSync(path, 'utf8')).body).events[0];
      const event = toNotificationEvent(happening, factsOf(recorded));
      assert.equal(JSON.stringify(event), JSON.stringify(recorded));
    });
  }
});

test('the actor has the name of the user who pushed', () => {
  const request = { id: '1', addr: '127.0.0.1:1', host: '127.0.0.1:5000', method: 'DELETE', useragent: 'test' };
  const facts = factsOf({ id: '1', timestamp: 't', request, source: { addr: 'here', instanceID: '1' } });
  const happening: Happening = { action: 'delete', repository: 'a', deleted: { tag: '1' } };
  const event = toNotificationEvent(happening, { ...facts, actor: 'pusher' });
  assert.match(JSON.stringify(event), /"actor":\{"name":"pusher"\}/);
});

function factsOf({ id, timestamp, request, source }: Recorded): NotificationFacts {
  return { id, timestamp, scheme: 'http', request, actor: undefined, source };
}

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeEvent } from '../../../shared/events/decode-event.ts';
import { allTriggers, type Decoded } from '../../../shared/events/decoded.ts';
import { dedupe } from '../../../shared/events/dedupe.ts';
import { readQueueBody, toQueueBody } from '../../../shared/events/queue-body.ts';
import { secretMatches } from '../../../shared/events/secret-matches.ts';
import { allSources, sources } from '../../../shared/events/sources/sources.ts';
import { TriggerSchema } from '../../../shared/events/trigger-schema.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import { registryEvent, registrySamples } from '../../builders/registry-events.ts';

const options = { ignoredTaints: defaultIgnoredTaints };
const headers = fc.dictionary(
  fc.constantFrom('ce-type', 'ce-specversion', 'ce-id', 'ce-source', 'ce-time', 'ce-x', 'content-type'),
  fc.string(),
);

const load = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/events/${name}.json`, import.meta.url), 'utf8'));
const samples = [
  ...['node-create', 'node-status-kernel-change', 'node-delete', 'pod-ready', 'job-complete', 'module-create'].map(
    (name) => load(`admissionreview-${name}`),
  ),
  ...['push-manifest', 'delete-tag'].map((name) => JSON.parse(load(`notification-${name}`).body)),
  {
    source: 'aws.ecr',
    'detail-type': 'ECR Image Action',
    account: '123456789012',
    region: 'eu-west-1',
    detail: { result: 'SUCCESS', 'repository-name': 'a', 'action-type': 'PUSH', 'image-tag': '1' },
  },
  { specversion: '1.0', id: '1', source: '/x', type: 'io.k8s.sigs.kmm.resolve', data: { cause: 'manual', scope: {} } },
  { scope: { node: 'n' } },
  ...registrySamples.map(({ push }) => JSON.parse(registryEvent(push).body)),
];

/** A sample with one of its values replaced by anything: nearly right is where parsers break. */
const nearlyRight = fc.tuple(fc.constantFrom(...samples), fc.nat(), fc.jsonValue()).map(([sample, at, value]) => {
  const copy = structuredClone(sample);
  const places: [object, string][] = [];
  const walk = (item: unknown): void => {
    if (typeof item !== 'object' || item === null) return;
    for (const [key, inner] of Object.entries(item)) {
      places.push([item, key]);
      walk(inner);
    }
  };
  walk(copy);
  const [holder, key] = places[at % places.length] ?? [copy, 'kind'];
  Object.assign(holder, { [key]: value });
  return copy;
});

const isDecoded = (decoded: Decoded[]) => decoded.every(({ kind }) => ['triggers', 'ignored', 'poison'].includes(kind));

for (const [name, source] of Object.entries(sources)) {
  test(`${name} never throws, whatever JSON it gets`, () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), nearlyRight), headers, (body, some) => {
        source.recognise({ headers: some, body });
        return isDecoded(source.decode({ headers: some, body }, options));
      }),
      { numRuns: 300 },
    );
  });
}

test('what is decoded can always travel through a queue', () => {
  fc.assert(
    fc.property(nearlyRight, (body) => {
      for (const trigger of dedupe(allTriggers(decodeEvent({ headers: {}, body }, options, allSources)))) {
        assert.deepEqual(TriggerSchema.parse(JSON.parse(JSON.stringify(trigger))), trigger);
        assert.deepEqual(allTriggers(readQueueBody(toQueueBody({ trigger }), options).decoded), [trigger]);
      }
    }),
    { numRuns: 500 },
  );
});

test('any text in a queue is a message, ignored, or poison', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => isDecoded(readQueueBody(text, options).decoded)));
});

test('only the secrets themselves match', () => {
  const secrets = fc.array(fc.string({ minLength: 1 }), { maxLength: 3 });
  fc.assert(
    fc.property(
      fc.string(),
      secrets,
      (text, known) => secretMatches(text, known) === (text !== '' && known.includes(text)),
    ),
  );
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { states } from '../../../shared/kmm/status.ts';
import type { BuildJob, TargetFacts } from '../../../shared/reconcile/facts.ts';
import { rowIds } from '../../../shared/reconcile/plan.ts';
import { planTarget } from '../../../shared/reconcile/plan-target.ts';
import { toEntry } from '../../../shared/reconcile/to-entry.ts';
import { digestA, digestB, moduleLoaderData } from '../../builders/module-loader-data.ts';
import { ago, build, liveDaemonSet, sign, targetFacts } from '../../builders/target-facts.ts';

const digest = fc.constantFrom(digestA, digestB);
const time = fc.integer({ min: -40, max: 40 }).map(ago);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const image = fc.oneof(
  fc.record({ kind: fc.constant('found' as const), digest, tagDigest: digest, identity: fc.constantFrom('id', 'old') }),
  fc.record({ kind: fc.constant('missing' as const), platforms: fc.constantFrom<string[]>([], ['arm64']) }),
  fc.record({
    kind: fc.constant('unreachable' as const),
    code: fc.constantFrom('Tls', 'Forbidden'),
    detail: fc.constant('403'),
    message: fc.constant('m'),
    denied: fc.boolean(),
  }),
);
const identity = fc.constantFrom('id', 'old');
const job: fc.Arbitrary<BuildJob> = fc.oneof(
  fc.record({
    name: fc.constant('j'),
    identity,
    attempt: fc.integer({ min: 1, max: 5 }),
    phase: fc.constant('running' as const),
  }),
  fc.record({
    name: fc.constant('j'),
    identity,
    attempt: fc.integer({ min: 1, max: 5 }),
    phase: fc.constantFrom('succeeded' as const, 'failed' as const),
    endedAt: time,
  }),
);
const request = fc.constantFrom('/', '/t1', '2/');
const key = fc.constantFrom('k1', 'k2');
const entry = fc.record(
  {
    state: fc.constantFrom(...states),
    observedGeneration: fc.constant(1),
    rebuilt: fc.record({ request, keyFingerprint: key }, { requiredKeys: ['request'] }),
    inspected: fc.record({
      digest,
      result: fc.constantFrom('running' as const, 'ok' as const, 'rejected' as const, 'failed' as const),
      since: time,
      attempt: fc.integer({ min: 1, max: 5 }),
    }),
    signing: fc.record({
      inputs: fc.constantFrom('a', 'b'),
      result: fc.constantFrom('running' as const, 'ok' as const, 'failed' as const),
      since: time,
      attempt: fc.integer({ min: 1, max: 5 }),
    }),
    nextTry: time,
  },
  { requiredKeys: ['state', 'observedGeneration'] },
);

const facts: fc.Arbitrary<TargetFacts> = fc
  .record({
    outcome: fc.constantFrom('resolved', 'resolved', 'resolved', 'invalid', 'no-mapping'),
    build: fc.boolean(),
    sign: fc.boolean(),
    version: optional(fc.constant('1')),
    builder: fc.constantFrom('none' as const, 'job' as const, 'external' as const),
    signer: fc.boolean(),
    inspector: fc.boolean(),
    entry: optional(entry),
    request,
    keyFingerprint: optional(key),
    image,
    unsigned: optional(image),
    perArchitecture: optional(image),
    jobs: optional(fc.array(job, { maxLength: 4 })),
    startedLastHour: fc.integer({ min: 0, max: 12 }),
    live: optional(
      fc.record({
        digest,
        templateInputs: digest.map((of) => `inputs of ${of}`),
        observed: fc.boolean(),
        updated: fc.nat(3),
        available: fc.nat(3),
      }),
    ),
    podTrouble: optional(fc.constant('CrashLoopBackOff')),
    options: fc.record({
      followTag: fc.boolean(),
      paused: fc.boolean(),
      skipInspection: fc.boolean(),
      deniedMeansMissing: fc.boolean(),
    }),
    cause: fc.record(
      { imageEvent: fc.boolean(), rollout: fc.boolean(), attempt: fc.nat(15) },
      { requiredKeys: ['imageEvent', 'rollout'] },
    ),
  })
  .map((given) => {
    const data = moduleLoaderData({
      ...(given.build ? { build } : {}),
      ...(given.sign ? { sign: { ...sign, unsignedImage: 'registry.example/acme/kmod:unsigned' } } : {}),
      ...(given.version === undefined ? {} : { version: given.version }),
    });
    const resolution: TargetFacts['resolution'] =
      given.outcome === 'resolved'
        ? { outcome: 'resolved', data }
        : given.outcome === 'invalid'
          ? { outcome: 'invalid', error: 'e' }
          : { outcome: 'no-mapping', error: 'e' };
    return targetFacts({
      resolution,
      capabilities: { builder: given.builder, signer: given.signer, inspector: given.inspector },
      entry: given.entry,
      request: given.request,
      image: given.image,
      options: given.options,
      cause: given.cause,
      ...(given.keyFingerprint === undefined ? {} : { keyFingerprint: given.keyFingerprint }),
      ...(given.unsigned === undefined ? {} : { unsigned: given.unsigned }),
      ...(given.perArchitecture === undefined ? {} : { perArchitecture: given.perArchitecture }),
      ...(given.jobs === undefined
        ? {}
        : {
            builds: {
              kind: 'known' as const,
              identity: 'id',
              jobs: given.jobs,
              startedLastHour: given.startedLastHour,
            },
          }),
      ...(given.live === undefined ? {} : { daemonSet: liveDaemonSet(given.live) }),
      ...(given.podTrouble === undefined ? {} : { podTrouble: given.podTrouble }),
    });
  });

const holds = (law: (given: TargetFacts) => void) => fc.assert(fc.property(facts, law), { numRuns: 3000 });

describe('every combination of facts', () => {
  it('holds exactly one row, and the same one each time', () => {
    holds((given) => {
      const plan = planTarget(given);
      assert.ok(rowIds.includes(plan.row));
      assert.deepEqual(planTarget(given), plan);
    });
  });

  it('starts a build only when the image is missing or a request is open, and never beside a running Job of the same inputs', () => {
    holds((given) => {
      const { action } = planTarget(given);
      if (action.kind !== 'start-build') return;
      const open = given.entry?.rebuilt !== undefined && given.entry.rebuilt.request !== given.request;
      const keyOpen = given.entry?.rebuilt?.keyFingerprint !== given.keyFingerprint;
      assert.ok(given.image.kind === 'missing' || open || keyOpen);
      assert.equal(given.capabilities.builder, 'job');
      const present = given.builds?.kind === 'known' ? given.builds.jobs.filter((last) => last.identity === 'id') : [];
      const latest = present.sort((a, b) => b.attempt - a.attempt)[0];
      assert.notEqual(latest?.phase, 'running');
      assert.ok(action.attempt > (latest?.attempt ?? 0));
    });
  });

  it('neither builds nor touches what runs when the registry gave no answer', () => {
    holds((given) => {
      if (given.image.kind !== 'unreachable' || given.resolution.outcome !== 'resolved') return;
      const plan = planTarget(given);
      assert.equal(plan.state, 'RegistryUnreachable');
      assert.deepEqual(plan.action, { kind: 'none' });
    });
  });

  it('removes a DaemonSet only when no mapping matches', () => {
    holds((given) => {
      if (planTarget(given).action.kind === 'remove-daemon-set') assert.equal(given.resolution.outcome, 'no-mapping');
    });
  });

  it('does nothing for a paused Module', () => {
    holds((given) => {
      if (given.options.paused) assert.deepEqual(planTarget(given).action, { kind: 'none' });
    });
  });

  it('builds no unsigned image for a Module that signs where no signer is configured', () => {
    holds((given) => {
      const signs = given.resolution.outcome === 'resolved' && given.resolution.data.sign !== undefined;
      if (signs && !given.capabilities.signer) assert.notEqual(planTarget(given).action.kind, 'start-build');
    });
  });

  it('rolls out only a digest that is in the registry or runs already', () => {
    holds((given) => {
      const { action } = planTarget(given);
      if (action.kind !== 'apply-daemon-set') return;
      const known = [given.image.kind === 'found' ? given.image.digest : undefined, given.daemonSet?.digest];
      assert.ok(known.includes(action.digest));
    });
  });

  it('writes an entry that it leaves alone when nothing has changed since', () => {
    holds((given) => {
      const first = toEntry(given, planTarget(given));
      const plan = planTarget({ ...given, entry: first });
      if (planTarget(given).action.kind !== 'none' || plan.action.kind !== 'none') return;
      const second = toEntry({ ...given, entry: first }, plan);
      assert.ok(Buffer.byteLength(JSON.stringify(second)) <= 1024);
      if (given.cause.attempt === undefined && first.state !== 'RegistryUnreachable') assert.deepEqual(second, first);
    });
  });
});

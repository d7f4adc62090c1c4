import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BuildJob, TargetFacts } from '../../../shared/reconcile/facts.ts';
import type { TargetPlan } from '../../../shared/reconcile/plan.ts';
import { planTarget } from '../../../shared/reconcile/plan-target.ts';
import { digestA, digestB } from '../../builders/module-loader-data.ts';
import {
  ago,
  build,
  found,
  liveDaemonSet,
  missing,
  sign,
  targetFacts,
  unreachable,
} from '../../builders/target-facts.ts';

const builder = { builder: 'job', signer: false, inspector: false } as const;
const signer = { builder: 'none', signer: true, inspector: false } as const;
const both = { builder: 'job', signer: true, inspector: false } as const;
const inspector = { builder: 'none', signer: false, inspector: true } as const;
const unsignedSign = { ...sign, unsignedImage: 'registry.example/acme/kmod:unsigned' };

const jobs = (...list: BuildJob[]) =>
  ({ kind: 'known', identity: 'id', jobs: list, startedLastHour: list.length }) as const;
const job = (attempt: number, phase: 'succeeded' | 'failed', minutesAgo: number): BuildJob => ({
  name: `acme-build-${attempt}`,
  identity: 'id',
  attempt,
  phase,
  endedAt: ago(minutesAgo),
});
const running: BuildJob = { name: 'acme-build-1', identity: 'id', attempt: 1, phase: 'running' };
const entry = (overrides: Partial<NonNullable<TargetFacts['entry']>>): NonNullable<TargetFacts['entry']> => ({
  state: 'Ready',
  observedGeneration: 1,
  rebuilt: { request: '/' },
  ...overrides,
});
const toBuild = { data: { build }, capabilities: builder, image: missing };
const toSign = {
  data: { sign: unsignedSign },
  capabilities: signer,
  image: missing,
  keyFingerprint: 'k1',
  unsigned: found,
};
const inputsOf = (facts: TargetFacts): string => {
  const { action } = planTarget({ ...facts, entry: undefined });
  assert.equal(action.kind, 'request-signing');
  return action.kind === 'request-signing' ? action.inputs : '';
};
const signing = (result: 'running' | 'ok' | 'failed', minutesAgo: number, attempt = 1) =>
  entry({
    state: 'Signing',
    rebuilt: { request: '/', keyFingerprint: 'k1' },
    signing: {
      inputs: inputsOf(targetFacts(toSign)),
      result,
      since: ago(minutesAgo),
      attempt,
      reason: 'pattern matches nothing',
    },
  });
const inspected = (result: 'running' | 'ok' | 'rejected' | 'failed', minutesAgo: number, digest = digestA) =>
  entry({
    state: 'Inspecting',
    inspected: { digest, result, since: ago(minutesAgo), attempt: 1, reason: 'no kernel object' },
  });

type Row = [what: string, facts: Parameters<typeof targetFacts>[0], expected: Partial<TargetPlan>];

const rows: Row[] = [
  [
    'an invalid Module',
    { resolution: { outcome: 'invalid', error: 'x' } },
    { row: 'invalid', state: 'Invalid', action: { kind: 'none' } },
  ],
  [
    'no mapping, with a DaemonSet: it goes',
    { resolution: { outcome: 'no-mapping', error: 'x' }, daemonSet: liveDaemonSet() },
    { row: 'no-mapping', state: 'NoMapping', action: { kind: 'remove-daemon-set' } },
  ],
  [
    'no mapping, nothing runs',
    { resolution: { outcome: 'no-mapping', error: 'x' } },
    { row: 'no-mapping', action: { kind: 'none' } },
  ],
  [
    'an unreachable registry is never a missing image, whatever could build',
    { ...toBuild, image: unreachable, builds: jobs() },
    { row: 'registry-unreachable', state: 'RegistryUnreachable', action: { kind: 'none' }, reason: 'Unavailable' },
  ],
  [
    'denied with accepted credentials and a build',
    { ...toBuild, image: { ...unreachable, code: 'Forbidden', denied: true } },
    { row: 'registry-unreachable', reason: 'DeniedOrMissing', action: { kind: 'none' } },
  ],
  ['found', {}, { row: 'roll-out', state: 'RollingOut', action: { kind: 'apply-daemon-set', digest: digestA } }],
  ['found and running', { daemonSet: liveDaemonSet() }, { row: 'roll-out', state: 'Ready', action: { kind: 'none' } }],
  [
    'found and running nowhere yet needed',
    { daemonSet: liveDaemonSet({ desired: 0, current: 0, updated: 0, available: 0 }) },
    { state: 'Ready', action: { kind: 'none' } },
  ],
  [
    'some nodes are not updated',
    { daemonSet: liveDaemonSet({ updated: 1 }) },
    { state: 'RollingOut', action: { kind: 'none' } },
  ],
  ['the controller has not seen it yet', { daemonSet: liveDaemonSet({ observed: false }) }, { state: 'RollingOut' }],
  [
    'pods on dead nodes block nothing',
    { daemonSet: liveDaemonSet({ updated: 2, available: 2, onDeadNodes: 1 }) },
    { state: 'Ready', action: { kind: 'none' } },
  ],
  [
    'an updated pod on a dead node stands for no reachable one',
    { daemonSet: liveDaemonSet({ updated: 2, available: 2, onDeadNodes: 1, updatedOnDeadNodes: 1 }) },
    { state: 'RollingOut', action: { kind: 'none' } },
  ],
  [
    'a pod that fails',
    { daemonSet: liveDaemonSet({ available: 2 }), podTrouble: 'CrashLoopBackOff: modprobe: FATAL' },
    { state: 'RolloutFailed', reason: 'PodFailed', message: 'CrashLoopBackOff: modprobe: FATAL' },
  ],
  [
    'another digest',
    { image: { kind: 'found', digest: digestB, tagDigest: digestB }, daemonSet: liveDaemonSet() },
    { state: 'RollingOut', action: { kind: 'apply-daemon-set', digest: digestB } },
  ],
  [
    'another digest, but the tag is not followed',
    {
      image: { kind: 'found', digest: digestB, tagDigest: digestB },
      daemonSet: liveDaemonSet(),
      options: { ...targetFacts().options, followTag: false },
    },
    { state: 'Ready', action: { kind: 'none' }, digest: digestA },
  ],
  [
    'another digest of a Module with a version',
    {
      data: { version: '1' },
      image: { kind: 'found', digest: digestB, tagDigest: digestB },
      daemonSet: liveDaemonSet(),
    },
    { state: 'Ready', digest: digestA },
  ],
  [
    'paused: nothing is written',
    { options: { ...targetFacts().options, paused: true }, daemonSet: liveDaemonSet({ templateInputs: 'old' }) },
    { row: 'roll-out', action: { kind: 'none' } },
  ],
  [
    'equal inputs, but a rollout was asked for',
    { daemonSet: liveDaemonSet(), cause: { imageEvent: false, rollout: true } },
    { action: { kind: 'apply-daemon-set', digest: digestA } },
  ],
  [
    'found, never inspected',
    { capabilities: inspector },
    { row: 'inspect', state: 'Inspecting', action: { kind: 'request-inspection', digest: digestA } },
  ],
  ['another digest was inspected', { capabilities: inspector, entry: inspected('ok', 1, digestB) }, { row: 'inspect' }],
  [
    'inspection running',
    { capabilities: inspector, entry: inspected('running', 5) },
    { row: 'inspection-pending', state: 'Inspecting', action: { kind: 'none' } },
  ],
  ['inspection lost', { capabilities: inspector, entry: inspected('running', 20) }, { row: 'inspect' }],
  [
    'inspection failed just now',
    { capabilities: inspector, entry: inspected('failed', 0) },
    { row: 'inspection-pending' },
  ],
  ['inspection failed a minute ago', { capabilities: inspector, entry: inspected('failed', 1) }, { row: 'inspect' }],
  [
    'inspection rejected it: what runs stays',
    { capabilities: inspector, entry: inspected('rejected', 1), daemonSet: liveDaemonSet() },
    { row: 'image-rejected', state: 'ImageRejected', action: { kind: 'none' }, message: 'no kernel object' },
  ],
  ['inspected', { capabilities: inspector, entry: inspected('ok', 1) }, { row: 'roll-out' }],
  [
    'inspection turned off by the Module',
    { capabilities: inspector, options: { ...targetFacts().options, skipInspection: true } },
    { row: 'roll-out' },
  ],
  ['unsigned image there', toSign, { row: 'sign', state: 'Signing' }],
  [
    'signing running',
    { ...toSign, entry: signing('running', 5) },
    { row: 'signing-pending', state: 'Signing', action: { kind: 'none' } },
  ],
  ['signing lost', { ...toSign, entry: signing('running', 20) }, { row: 'sign' }],
  ['signing just ended well', { ...toSign, entry: signing('ok', 0.5) }, { row: 'signing-pending' }],
  ['signing ended well, but no image came', { ...toSign, entry: signing('ok', 2) }, { row: 'sign' }],
  [
    'signing failed',
    { ...toSign, entry: signing('failed', 0.5) },
    { row: 'sign-failed', state: 'SignFailed', action: { kind: 'none' } },
  ],
  ['signing failed, due again', { ...toSign, entry: signing('failed', 1) }, { row: 'sign' }],
  ['signing failed three times', { ...toSign, entry: signing('failed', 30, 4) }, { row: 'sign-failed' }],
  [
    'signing failed three times, then a push',
    { ...toSign, entry: signing('failed', 30, 4), cause: { imageEvent: true, rollout: false } },
    { row: 'sign' },
  ],
  [
    'a key that can not be used',
    { ...toSign, keyFingerprint: undefined, keyProblem: 'key and certificate differ' } as never,
    { row: 'sign-failed', reason: 'KeyUnusable', message: 'key and certificate differ' },
  ],
  [
    'the unsigned image is unreachable',
    { ...toSign, unsigned: unreachable },
    { row: 'unsigned-unreachable', state: 'RegistryUnreachable' },
  ],
  [
    'the unsigned image is missing too',
    { ...toSign, unsigned: missing },
    { row: 'unsigned-missing', state: 'ImageMissing', reason: 'UnsignedImageMissing' },
  ],
  [
    'an unsigned image of other build inputs counts as missing',
    { ...toSign, data: { build, sign }, capabilities: both, builds: jobs(), unsigned: { ...found, identity: 'other' } },
    { row: 'build', state: 'Building' },
  ],
  [
    'an unsigned image of this build',
    {
      ...toSign,
      data: { build, sign },
      capabilities: both,
      builds: jobs(job(1, 'succeeded', 0)),
      unsigned: { ...found, identity: 'id' },
    },
    { row: 'sign' },
  ],
  [
    'one architecture of two was built',
    { ...toBuild, builds: jobs(job(1, 'succeeded', 2)), perArchitecture: { ...found, identity: 'id' } },
    { row: 'join', state: 'Building' },
  ],
  [
    'ten builds in an hour',
    { ...toBuild, builds: { kind: 'known', identity: 'id', jobs: [], startedLastHour: 10 } },
    { row: 'build-limit', state: 'ImageMissing', reason: 'BuildLimit', action: { kind: 'none' } },
  ],
  [
    'missing',
    { ...toBuild, builds: jobs() },
    { row: 'build', action: { kind: 'start-build', identity: 'id', attempt: 1 } },
  ],
  [
    'missing for our platform only',
    { ...toBuild, image: { kind: 'missing', platforms: ['arm64'] }, builds: jobs() },
    { row: 'build' },
  ],
  [
    'the Job runs',
    { ...toBuild, builds: jobs(running) },
    { row: 'build-pending', state: 'Building', action: { kind: 'none' } },
  ],
  ['the Job has just succeeded', { ...toBuild, builds: jobs(job(1, 'succeeded', 0.5)) }, { row: 'build-pending' }],
  [
    'the Job succeeded, no image came, due',
    { ...toBuild, builds: jobs(job(1, 'succeeded', 2)) },
    { row: 'build', action: { kind: 'start-build', identity: 'id', attempt: 2 } },
  ],
  [
    'the Job failed, not due',
    { ...toBuild, builds: jobs(job(2, 'failed', 3)) },
    { row: 'build-failed', state: 'BuildFailed', nextTry: new Date(Date.parse(ago(3)) + 5 * 60_000) },
  ],
  [
    'the Job failed, due',
    { ...toBuild, builds: jobs(job(2, 'failed', 5)) },
    { row: 'build', action: { kind: 'start-build', identity: 'id', attempt: 3 } },
  ],
  [
    'the Job failed for the fourth time',
    { ...toBuild, builds: jobs(job(4, 'failed', 600)) },
    { row: 'build-failed', action: { kind: 'none' } },
  ],
  [
    'the Job failed for the fourth time, then a push',
    { ...toBuild, builds: jobs(job(4, 'failed', 600)), cause: { imageEvent: true, rollout: false } },
    { row: 'build' },
  ],
  [
    'a Job of other inputs failed',
    { ...toBuild, builds: { ...jobs(), jobs: [{ ...job(4, 'failed', 1), identity: 'old' }] } },
    { row: 'build', action: { kind: 'start-build', identity: 'id', attempt: 1 } },
  ],
  [
    'an external builder',
    { ...toBuild, capabilities: { ...builder, builder: 'external' } },
    { row: 'external-builder', state: 'ImageMissing', reason: 'WaitingForPush', action: { kind: 'none' } },
  ],
  [
    'a build, but no builder here',
    { ...toBuild, capabilities: targetFacts().capabilities },
    { row: 'image-missing', reason: 'NoBuilder' },
  ],
  [
    'sign, but no signer here',
    { ...toSign, capabilities: targetFacts().capabilities },
    { row: 'image-missing', reason: 'NoSigner' },
  ],
  [
    'build and sign, but no signer here: nothing unsigned goes to the final tag',
    { ...toBuild, data: { build, sign }, builds: jobs() },
    { row: 'image-missing', reason: 'NoSigner', action: { kind: 'none' } },
  ],
  [
    "the architecture's own tag can't be looked up",
    { ...toBuild, builds: jobs(), perArchitecture: unreachable },
    { state: 'RegistryUnreachable', action: { kind: 'none' } },
  ],
  [
    'the Dockerfile is missing',
    { ...toBuild, builds: { kind: 'unbuildable', message: 'ConfigMap gpu/dockerfile does not exist' } },
    { row: 'image-missing', reason: 'BuildInputMissing' },
  ],
  [
    'nothing configured',
    { image: missing },
    { row: 'image-missing', state: 'ImageMissing', reason: 'ImageMissing', action: { kind: 'none' } },
  ],
];

describe('planTarget', () => {
  for (const [what, facts, expected] of rows) {
    it(`${what}: ${expected.row ?? expected.state}`, () => {
      const plan: Record<string, unknown> = { ...planTarget(targetFacts(facts)) };
      for (const [key, value] of Object.entries(expected)) assert.deepEqual(plan[key], value, key);
    });
  }

  it('names the platforms that are there when ours is not', () => {
    const plan = planTarget(targetFacts({ image: { kind: 'missing', platforms: ['arm64', 's390x'] } }));
    assert.match(plan.message, /arm64, s390x/);
  });

  it('sets one retry after a minute when the registry becomes unreachable, and none while it stays so', () => {
    const first = planTarget(targetFacts({ image: unreachable }));
    assert.equal(first.nextTry?.toISOString(), '2026-11-01T12:01:00.000Z');
    const again = planTarget(
      targetFacts({ image: unreachable, entry: entry({ state: 'RegistryUnreachable', nextTry: ago(1) }) }),
    );
    assert.equal(again.nextTry, undefined);
  });

  it('honours Retry-After', () => {
    const plan = planTarget(targetFacts({ image: { ...unreachable, retryAfterSeconds: 300 } }));
    assert.equal(plan.nextTry?.toISOString(), '2026-11-01T12:05:00.000Z');
  });
});

describe('a request to make an image anew', () => {
  const forced = {
    ...toBuild,
    image: found,
    request: '/t2',
    entry: entry({ rebuilt: { request: '/t1' } }),
    daemonSet: liveDaemonSet(),
  };

  it('builds though the image is there, and leaves what runs', () => {
    assert.equal(planTarget(targetFacts({ ...forced, builds: jobs() })).row, 'build');
  });

  it('is carried out when its Job has succeeded, and recorded as such', () => {
    const image = { kind: 'found', digest: digestB, tagDigest: digestB } as const;
    const plan = planTarget(targetFacts({ ...forced, image, builds: jobs(job(1, 'succeeded', 0)) }));
    assert.equal(plan.row, 'roll-out');
    assert.deepEqual(plan.rebuilt, { request: '/t2' });
    assert.deepEqual(plan.action, { kind: 'apply-daemon-set', digest: digestB });
  });

  it('of one architecture is carried out only when what it built is in the index', () => {
    const part = { kind: 'found', digest: digestB, tagDigest: digestB, identity: 'id' } as const;
    const done = { ...forced, builds: jobs(job(1, 'succeeded', 0)), perArchitecture: part };
    assert.equal(planTarget(targetFacts(done)).row, 'join');
    const image = { kind: 'found', digest: digestB, tagDigest: digestA } as const;
    assert.equal(planTarget(targetFacts({ ...done, image })).row, 'roll-out');
  });

  it('takes a key that could not be read at first as carried out, so that the next one is seen', () => {
    const signed = { data: { sign: unsignedSign }, capabilities: signer, image: found, keyFingerprint: 'k1' };
    const plan = planTarget(targetFacts({ ...signed, entry: entry({ rebuilt: { request: '/' } }) }));
    assert.deepEqual(plan.rebuilt, { request: '/', keyFingerprint: 'k1' });
  });

  it('moves a pin', () => {
    const image = { kind: 'found', digest: digestB, tagDigest: digestB } as const;
    const pinned = {
      ...forced,
      image,
      builds: jobs(job(1, 'succeeded', 0)),
      options: { ...targetFacts().options, followTag: false },
    };
    assert.deepEqual(planTarget(targetFacts(pinned)).action, { kind: 'apply-daemon-set', digest: digestB });
  });

  it('does nothing where neither build nor sign is configured', () => {
    const plan = planTarget(targetFacts({ ...forced, data: {}, capabilities: targetFacts().capabilities }));
    assert.equal(plan.row, 'roll-out');
  });

  it('repeats the signing alone when only the key has changed, whatever the build inputs are by now', () => {
    const facts = targetFacts({
      data: { build, sign },
      capabilities: both,
      image: found,
      builds: jobs(),
      unsigned: { ...found, identity: 'of older inputs' },
      keyFingerprint: 'k2',
      entry: entry({ rebuilt: { request: '/', keyFingerprint: 'k1' } }),
    });
    assert.equal(planTarget(facts).row, 'sign');
  });

  it('takes the present request and key as carried out when a target is seen for the first time', () => {
    const plan = planTarget(targetFacts({ data: { build }, capabilities: builder, request: '/t9' }));
    assert.equal(plan.row, 'roll-out');
    assert.deepEqual(plan.rebuilt, { request: '/t9' });
  });
});

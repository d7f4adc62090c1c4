import { createHash } from 'node:crypto';
import { retryAt } from './due.ts';
import type { TargetPlan } from './plan.ts';
import type { Row } from './plan-target.ts';
import { unreachablePlan } from './rows-unreachable.ts';
import type { View } from './view.ts';

/** Builds of one Module in an hour, so that a Dockerfile edited in a loop can't fill the cluster. */
const buildsPerHour = 10;

/** The rows of an image that is missing, there for other platforms only, or to be made anew. Only these start a build. */
export const missingRows: readonly Row[] = [
  sign,
  signingPending,
  signFailed,
  unsignedUnreachable,
  partUnreachable,
  join,
  buildLimit,
  build,
  buildPending,
  buildFailed,
  externalBuilder,
  unsignedMissing,
  imageMissing,
];

const none = { kind: 'none' } as const;

function sign({ canSign, signing, signingInputs, unsigned, data }: View): TargetPlan | undefined {
  if (!canSign || signing !== 'due' || signingInputs === undefined || unsigned === undefined) return undefined;
  const message = `signing ${unsigned.digest} for ${data.containerImage}`;
  const action = { kind: 'request-signing', inputs: signingInputs } as const;
  return { row: 'sign', action, state: 'Signing', reason: 'SigningRequested', message };
}

function signingPending({ canSign, signing, data }: View): TargetPlan | undefined {
  if (!canSign || signing !== 'pending') return undefined;
  const message = `signing for ${data.containerImage} is under way`;
  return { row: 'signing-pending', action: none, state: 'Signing', reason: 'SigningRunning', message };
}

function signFailed({ canSign, signing, unsigned, facts }: View): TargetPlan | undefined {
  if (!canSign) return undefined;
  if (unsigned !== undefined && facts.keyProblem !== undefined) {
    return { row: 'sign-failed', action: none, state: 'SignFailed', reason: 'KeyUnusable', message: facts.keyProblem };
  }
  if (signing !== 'failed') return undefined;
  const last = facts.entry?.signing;
  const nextTry = retryAt(last?.attempt ?? 1, last?.since ?? '');
  const message = last?.reason ?? 'the signing failed';
  return {
    row: 'sign-failed',
    action: none,
    state: 'SignFailed',
    reason: 'SignFailed',
    message,
    ...(nextTry === undefined ? {} : { nextTry }),
  };
}

function unsignedUnreachable({ canSign, facts }: View): TargetPlan | undefined {
  if (!canSign || facts.unsigned?.kind !== 'unreachable') return undefined;
  return unreachablePlan(facts, facts.unsigned, 'unsigned-unreachable');
}

/** Whether the architecture's own tag is there can't be told: it may need no build at all. */
function partUnreachable({ canBuild, canSign, facts }: View): TargetPlan | undefined {
  if (!canBuild || canSign || facts.perArchitecture?.kind !== 'unreachable') return undefined;
  return unreachablePlan(facts, facts.perArchitecture, 'registry-unreachable');
}

/** A build of one architecture of several pushed to a tag of its own: it is joined into the index at the final tag. */
function join({ canBuild, canSign, facts, data }: View): TargetPlan | undefined {
  const part = facts.perArchitecture;
  const identity = facts.builds?.kind === 'known' ? facts.builds.identity : undefined;
  if (!canBuild || canSign || part?.kind !== 'found' || identity === undefined || part.identity !== identity)
    return undefined;
  const inputs = createHash('sha256').update(`${part.digest} ${data.containerImage}`).digest('hex').slice(0, 32);
  const message = `joining ${part.digest} into ${data.containerImage}`;
  return { row: 'join', action: { kind: 'request-join', inputs }, state: 'Building', reason: 'JoinRequested', message };
}

function buildLimit({ build: phase, facts }: View): TargetPlan | undefined {
  if (phase !== 'due' || facts.builds?.kind !== 'known' || facts.builds.startedLastHour < buildsPerHour)
    return undefined;
  const message = `${facts.builds.startedLastHour} builds of this Module were started in the last hour; the next starts when one is an hour old`;
  return { row: 'build-limit', action: none, state: 'ImageMissing', reason: 'BuildLimit', message };
}

function build({ build: phase, facts, lastJob, data }: View): TargetPlan | undefined {
  if (phase !== 'due' || facts.builds?.kind !== 'known') return undefined;
  const attempt = (lastJob?.attempt ?? 0) + 1;
  const message = `building ${data.containerImage}, attempt ${attempt}`;
  const action = { kind: 'start-build', identity: facts.builds.identity, attempt } as const;
  return { row: 'build', action, state: 'Building', reason: 'BuildStarted', message };
}

function buildPending({ build: phase, lastJob }: View): TargetPlan | undefined {
  if (phase !== 'pending' || lastJob === undefined) return undefined;
  const message =
    lastJob.phase === 'running'
      ? `Job ${lastJob.name} is running`
      : `Job ${lastJob.name} succeeded, waiting for its image to show`;
  return { row: 'build-pending', action: none, state: 'Building', reason: 'BuildRunning', message };
}

function buildFailed({ build: phase, lastJob }: View): TargetPlan | undefined {
  if (phase !== 'failed' || lastJob === undefined || lastJob.phase === 'running') return undefined;
  const nextTry = retryAt(lastJob.attempt, lastJob.endedAt);
  const words =
    lastJob.phase === 'failed'
      ? (lastJob.message ?? `Job ${lastJob.name} failed`)
      : `Job ${lastJob.name} succeeded, but its image is not there`;
  return {
    row: 'build-failed',
    action: none,
    state: 'BuildFailed',
    reason: lastJob.phase === 'failed' ? 'BuildFailed' : 'ImageNotPushed',
    message: `attempt ${lastJob.attempt}: ${words}`,
    ...(nextTry === undefined ? {} : { nextTry }),
  };
}

function externalBuilder({ facts, data }: View): TargetPlan | undefined {
  if (data.build === undefined || facts.capabilities.builder !== 'external') return undefined;
  const message = `${data.containerImage} is not there yet: waiting for the external builder's push${others(facts)}`;
  return { row: 'external-builder', action: none, state: 'ImageMissing', reason: 'WaitingForPush', message };
}

function unsignedMissing({ canSign, facts, data }: View): TargetPlan | undefined {
  if (!canSign || data.build !== undefined) return undefined;
  const message = `neither ${data.containerImage} nor the unsigned image ${data.sign?.unsignedImage ?? ''} is there: waiting for its push${others(facts)}`;
  return { row: 'unsigned-missing', action: none, state: 'ImageMissing', reason: 'UnsignedImageMissing', message };
}

/** The last row: it always holds, and says what would have helped. */
function imageMissing({ facts, data }: View): TargetPlan {
  const [reason, hint] = whyNothing(facts, data.build !== undefined, data.sign !== undefined);
  const message = `${data.containerImage} is not in its registry${others(facts)}: ${hint}`;
  return { row: 'image-missing', action: none, state: 'ImageMissing', reason, message };
}

function whyNothing(facts: View['facts'], build: boolean, sign: boolean): readonly [string, string] {
  if (facts.builds?.kind === 'unbuildable') return ['BuildInputMissing', facts.builds.message];
  if (build && facts.capabilities.builder === 'none')
    return ['NoBuilder', 'the Module has a build, but no builder is configured here; push the image'];
  if (sign) return ['NoSigner', 'the Module has sign, but no signer is configured here; push the signed image'];
  return ['ImageMissing', 'the Module has no build for this kernel; push the image'];
}

function others({ image }: View['facts']): string {
  return image.kind === 'missing' && image.platforms.length > 0
    ? ` (there for ${image.platforms.join(', ')} only)`
    : '';
}

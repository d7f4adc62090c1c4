import { createHash } from 'node:crypto';
import type { ModuleLoaderData } from '../kmm/module-loader-data.ts';
import type { Digest } from '../oci/digest.ts';
import { isDigest } from '../oci/digest.ts';
import { ageMs, isDue, lostAfterMs, retryAt, settleMs } from './due.ts';
import type { BuildJob, ImageFact, TargetFacts } from './facts.ts';

type Found = Extract<ImageFact, { kind: 'found' }>;

/** The facts of a target whose mapping resolved, with what the rows ask of them worked out once. */
export interface View {
  facts: TargetFacts;
  data: ModuleLoaderData;
  /** A Job can build it. */
  canBuild: boolean;
  canSign: boolean;
  /** The final image, when it is there and no request or changed key is open: then it is what to run. */
  image: Found | undefined;
  /** A request or changed key that was open has been carried out. */
  carriedOut: boolean;
  wanted: Digest | undefined;
  pinned: boolean;
  /** The unsigned image, when it counts as found. */
  unsigned: Found | undefined;
  /** What the signing that is wanted now depends on; absent without unsigned image or key. */
  signingInputs: string | undefined;
  signing: 'due' | 'pending' | 'failed' | 'none';
  build: 'due' | 'pending' | 'failed' | 'none';
  /** The last attempt of the present identity. */
  lastJob: BuildJob | undefined;
}

export function viewOf(facts: TargetFacts, data: ModuleLoaderData): View {
  const canSign = data.sign !== undefined && facts.capabilities.signer;
  // A build without its signer would put an unsigned image where only signed ones belong.
  const canBuild =
    data.build !== undefined && facts.capabilities.builder === 'job' && (data.sign === undefined || canSign);
  const lastJob = lastJobOf(facts);
  const open = openRequests(facts, canBuild, canSign);
  const unsigned = canSign ? usableUnsigned(facts, canBuild, open.request, lastJob) : undefined;
  const signingInputs = inputsOfSigning(facts, data, unsigned);
  const carriedOut = open.any && isCarriedOut(facts, canSign, lastJob, signingInputs);
  return {
    facts,
    data,
    canBuild,
    canSign,
    carriedOut,
    ...wantedImage(facts, data, open.any && !carriedOut, carriedOut),
    unsigned,
    signingInputs,
    signing: signingPhase(facts, signingInputs),
    build: canBuild ? buildPhase(facts, lastJob) : 'none',
    lastJob,
  };
}

/** While a request is open the final image counts as missing; what was carried out moves the pin. */
function wantedImage(
  facts: TargetFacts,
  data: ModuleLoaderData,
  open: boolean,
  carriedOut: boolean,
): Pick<View, 'image' | 'wanted' | 'pinned'> {
  if (facts.image.kind !== 'found' || open) return { image: undefined, wanted: undefined, pinned: false };
  const pin = carriedOut ? undefined : pinOf(facts, data);
  return { image: facts.image, wanted: pin ?? facts.image.digest, pinned: pin !== undefined };
}

/** A first entry takes the present request and key as carried out. A changed key alone opens only the signing. */
function openRequests(facts: TargetFacts, canBuild: boolean, canSign: boolean): { any: boolean; request: boolean } {
  const rebuilt = facts.entry?.rebuilt;
  const request = rebuilt !== undefined && rebuilt.request !== facts.request && (canBuild || canSign);
  const key =
    canSign &&
    rebuilt?.keyFingerprint !== undefined &&
    facts.keyFingerprint !== undefined &&
    rebuilt.keyFingerprint !== facts.keyFingerprint;
  return { any: request || key, request };
}

/** With a build configured an unsigned image counts only if it bears the present identity; with an open request only after its Job. */
function usableUnsigned(facts: TargetFacts, canBuild: boolean, open: boolean, last: BuildJob | undefined) {
  if (facts.unsigned?.kind !== 'found') return undefined;
  if (!canBuild || keyAlone(facts, open)) return facts.unsigned;
  if (open) return last?.phase === 'succeeded' ? facts.unsigned : undefined;
  const identity = facts.builds?.kind === 'known' ? facts.builds.identity : undefined;
  return identity !== undefined && facts.unsigned.identity === identity ? facts.unsigned : undefined;
}

function keyAlone(facts: TargetFacts, requestOpen: boolean): boolean {
  const signedWith = facts.entry?.rebuilt?.keyFingerprint;
  return (
    !requestOpen && facts.image.kind === 'found' && signedWith !== undefined && signedWith !== facts.keyFingerprint
  );
}

function isCarriedOut(
  facts: TargetFacts,
  canSign: boolean,
  last: BuildJob | undefined,
  inputs: string | undefined,
): boolean {
  if (facts.image.kind !== 'found') return false;
  if (!canSign) return last?.phase === 'succeeded' && isJoined(facts, facts.image);
  const signing = facts.entry?.signing;
  return inputs !== undefined && signing?.result === 'ok' && signing.inputs === inputs;
}

/** What one architecture's build pushed to a tag of its own is in the index at the final tag. */
function isJoined({ perArchitecture: part, builds }: TargetFacts, image: Found): boolean {
  if (part === undefined) return true;
  const identity = builds?.kind === 'known' ? builds.identity : undefined;
  return part.kind === 'found' && part.identity === identity && part.digest === image.digest;
}

/** With `version` or `follow-tag: "false"` the live DaemonSet's digest stays wanted, until the image reference changes. */
function pinOf(facts: TargetFacts, data: ModuleLoaderData): Digest | undefined {
  const live = facts.daemonSet;
  if (live === undefined || (data.version === undefined && facts.options.followTag)) return undefined;
  return live.image === data.containerImage && isDigest(live.digest) ? live.digest : undefined;
}

function inputsOfSigning(facts: TargetFacts, data: ModuleLoaderData, unsigned: Found | undefined): string | undefined {
  if (unsigned === undefined || facts.keyFingerprint === undefined) return undefined;
  const inputs = [facts.request, unsigned.digest, facts.keyFingerprint, data.containerImage, data.sign?.filesToSign];
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 32);
}

function signingPhase(facts: TargetFacts, inputs: string | undefined): View['signing'] {
  if (inputs === undefined) return 'none';
  const signing = facts.entry?.signing;
  if (signing?.inputs !== inputs) return 'due';
  const age = ageMs(signing.since, facts.now);
  if (signing.result === 'running') return age >= lostAfterMs ? 'due' : 'pending';
  if (signing.result === 'ok') return age >= settleMs ? 'due' : 'pending';
  const due = facts.cause.imageEvent || isDue(retryAt(signing.attempt, signing.since ?? ''), facts.now);
  return due ? 'due' : 'failed';
}

function lastJobOf(facts: TargetFacts): BuildJob | undefined {
  if (facts.builds?.kind !== 'known') return undefined;
  const { identity, jobs } = facts.builds;
  return jobs.filter((job) => job.identity === identity).sort((a, b) => b.attempt - a.attempt)[0];
}

function buildPhase(facts: TargetFacts, last: BuildJob | undefined): View['build'] {
  if (facts.builds?.kind !== 'known') return 'none';
  if (last === undefined) return 'due';
  if (last.phase === 'running') return 'pending';
  if (last.phase === 'succeeded' && ageMs(last.endedAt, facts.now) < settleMs) return 'pending';
  return facts.cause.imageEvent || isDue(retryAt(last.attempt, last.endedAt), facts.now) ? 'due' : 'failed';
}

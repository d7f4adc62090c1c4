import type { State } from '../kmm/status.ts';
import type { Digest } from '../oci/digest.ts';

/** Stable names of the rows of the decision table, in its order. */
export const rowIds = [
  'invalid',
  'no-mapping',
  'registry-unreachable',
  'inspect',
  'inspection-pending',
  'image-rejected',
  'roll-out',
  'sign',
  'signing-pending',
  'sign-failed',
  'unsigned-unreachable',
  'join',
  'build-limit',
  'build',
  'build-pending',
  'build-failed',
  'external-builder',
  'unsigned-missing',
  'image-missing',
] as const;
export type RowId = (typeof rowIds)[number];

/** The one step that a row asks for. */
export type Action =
  | { kind: 'none' }
  | { kind: 'remove-daemon-set' }
  | { kind: 'apply-daemon-set'; digest: Digest }
  | { kind: 'request-inspection'; digest: Digest }
  | { kind: 'request-signing'; inputs: string }
  | { kind: 'request-join'; inputs: string }
  | { kind: 'start-build'; identity: string; attempt: number };

/** What is to be done for a target, and what its entry shall say. */
export interface TargetPlan {
  row: RowId;
  action: Action;
  state: State;
  reason: string;
  message: string;
  /** The digest that the DaemonSet runs or shall run. */
  digest?: Digest;
  tagDigest?: Digest;
  /** What the tag holds instead, when the digest is pinned. */
  newDigest?: Digest;
  /** A request or a changed key has been carried out by now. */
  rebuilt?: { request: string; keyFingerprint?: string | undefined };
  nextTry?: Date;
}

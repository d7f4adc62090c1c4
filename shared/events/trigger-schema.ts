import * as z from 'zod';
import { isDigest } from '../oci/digest.ts';
import type { Trigger } from './trigger.ts';

// Bounds are Kubernetes' and OCI's own; a field that is not there stays out (`exactOptional`), as the types say.
const Name = z.string().min(1).max(253);
const KernelVersion = z.string().max(256);
const Architecture = z.string().max(64);
const Digest = z.string().refine(isDigest, 'expected a digest, sha256:<64 hex>');

const TargetKey = z.object({ namespace: Name, module: Name, kernelVersion: KernelVersion, architecture: Architecture });

/** Strict: a misspelt key must not widen the scope to everything. */
export const ResolveScope = z.strictObject({
  namespace: Name.exactOptional(),
  module: Name.exactOptional(),
  kernelVersion: KernelVersion.exactOptional(),
  architecture: Architecture.exactOptional(),
  node: Name.exactOptional(),
});

/** A Trigger as it travels: in our CloudEvents and in the bodies of our queues. */
export const TriggerSchema: z.ZodType<Trigger> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('node'),
    name: Name,
    change: z.enum(['joined', 'changed', 'left']),
    hint: z
      .object({ kernelVersion: KernelVersion, bootID: z.string().max(256), architecture: Architecture })
      .exactOptional(),
  }),
  z.object({
    kind: z.literal('rollout'),
    namespace: Name,
    module: Name,
    node: Name.exactOptional(),
    unloadFailed: z.object({ pod: Name, exitCode: z.number(), message: z.string().max(4096) }).exactOptional(),
  }),
  z.object({ kind: z.literal('job'), namespace: Name, module: Name, name: Name }),
  z.object({
    kind: z.literal('module'),
    namespace: Name,
    name: Name,
    deleted: z.boolean(),
    generation: z.int().exactOptional(),
  }),
  z.object({ kind: z.literal('dockerfile'), namespace: Name, configMap: Name }),
  z.object({
    kind: z.literal('image'),
    action: z.enum(['push', 'delete']),
    registry: z.string().min(1).max(261),
    repository: z.string().min(1).max(255),
    tag: z.string().max(128).exactOptional(),
    digest: Digest.exactOptional(),
  }),
  z.object({ kind: z.literal('finished'), target: TargetKey }),
  z.object({
    kind: z.literal('resolve'),
    scope: ResolveScope,
    cause: z.enum(['manual', 'sweep', 'retry']),
    force: z.boolean().exactOptional(),
    forcedAt: z.iso.datetime().exactOptional(),
    rollout: z.boolean().exactOptional(),
    attempt: z.int().min(0).exactOptional(),
  }),
]);

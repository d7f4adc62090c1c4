import * as z from 'zod';
import { parseWith } from '../../../shared/kmm/parse.ts';
import { OwnerReference } from '../../../shared/kubernetes/objects.ts';
import type { MigrationKind } from './kinds.ts';

const StringMap = z
  .record(z.string(), z.string())
  .nullish()
  .transform((map) => map ?? {});

/** With the finalizers, which nothing else of ours reads. */
const metadata = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  uid: z.string(),
  resourceVersion: z.string(),
  deletionTimestamp: z.string().optional(),
  labels: StringMap,
  finalizers: z
    .array(z.string())
    .nullish()
    .transform((list) => list ?? []),
  ownerReferences: z
    .array(OwnerReference)
    .nullish()
    .transform((list) => list ?? []),
});
const nodeSelector = StringMap;
const marked = z.object({ metadata });

const service = z.object({ name: z.string().default(''), path: z.string().default('') });
const webhooks = z.object({
  metadata,
  webhooks: z
    .array(z.object({ name: z.string(), clientConfig: z.object({ service: service.optional() }).optional() }))
    .nullish()
    .transform((list) => list ?? []),
});

const schemas = {
  Deployment: z.object({
    metadata,
    spec: z.object({ replicas: z.number().default(1) }),
    status: z.object({ replicas: z.number().default(0) }).default({ replicas: 0 }),
  }),
  DaemonSet: z.object({ metadata, spec: z.object({ template: z.object({ spec: z.object({ nodeSelector }) }) }) }),
  Pod: z.object({
    metadata,
    spec: z.object({ nodeName: z.string().default(''), nodeSelector }),
    status: z.object({ phase: z.string().default('') }).default({ phase: '' }),
  }),
  ControllerRevision: marked,
  Job: marked,
  Node: marked,
  Namespace: marked,
  Module: marked,
  ModuleImagesConfig: marked,
  ModuleBuildSignConfig: marked,
  NodeModulesConfig: marked,
  ValidatingWebhookConfiguration: webhooks,
  MutatingWebhookConfiguration: webhooks,
} as const satisfies Record<MigrationKind, z.ZodType>;

/** Any object with what every kind has. */
export type Marked = z.infer<typeof marked>;
export type Objects = { [K in MigrationKind]: z.infer<(typeof schemas)[K]> };

/** All that a migration looks at, as it stood at one moment. */
export type Snapshot = { [K in MigrationKind]: Objects[K][] };

const readers: { [K in MigrationKind]: z.ZodType<Objects[K]> } = schemas;

/** Throws InvalidInput when the cluster holds something else than its API promises: then nothing is decided. */
export function readObjects<K extends MigrationKind>(kind: K, items: readonly unknown[]): Objects[K][] {
  return items.map((item) => parseWith(readers[kind], item, kind));
}

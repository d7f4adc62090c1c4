import * as z from 'zod';
import { states } from '../../shared/kmm/status.ts';
import type { ImageLookup } from '../../shared/ports/registry.ts';

/** A question to a registry and what came of it. */
export interface LookUp {
  reference: string;
  architecture: string;
  answer: ImageLookup | { kind: 'unreachable'; code: string; message: string };
}

/** A target whose state or reason changed, as the functions log it. */
export const Decision = z.object({
  target: z.object({
    namespace: z.string(),
    module: z.string(),
    kernelVersion: z.string(),
    architecture: z.string(),
  }),
  state: z.enum(states),
  reason: z.string().optional(),
  message: z.string().optional(),
  image: z.string().optional(),
  mapping: z.object({ index: z.number(), literal: z.string().optional(), regexp: z.string().optional() }).optional(),
});
export type Decision = z.infer<typeof Decision>;

/** A node whose labels changed, as the functions log it; `null` is one that went. */
export const LabelledNode = z.object({
  node: z.string(),
  labels: z.record(z.string(), z.string().nullable()).default({}),
});
export type LabelledNode = z.infer<typeof LabelledNode>;

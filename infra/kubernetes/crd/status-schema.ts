import { Counters, KernelEntry, StatusCondition } from '../../../shared/kmm/status.ts';
import { toValidation } from './cel-rule.ts';
import type { Refinement } from './refinements.ts';
import type { StructuralSchema } from './structural-schema.ts';
import { toStructural } from './to-structural.ts';

/** As many as the configuration lets a Module have (`maxKernels`). */
const mostKernels = 1024;

const time: Refinement = { format: 'date-time' };
const word: Refinement = { maxLength: 128 };
const sentence: Refinement = { maxLength: 2048 };
const digest: Refinement = { maxLength: 128 };

const refinements = new Map<unknown, Readonly<Record<string, Refinement>>>([
  [
    KernelEntry,
    {
      '': { required: ['state'] },
      reason: word,
      message: sentence,
      image: { maxLength: 1024 },
      digest,
      indexDigest: digest,
      newDigest: digest,
      'inspected.digest': digest,
      'inspected.reason': sentence,
      'inspected.since': time,
      'inspected.buildIds': { maxProperties: 256 },
      'inspected.buildIds.*': { maxLength: 64 },
      'signing.inputs': digest,
      'signing.reason': sentence,
      'signing.since': time,
      nextTry: time,
    },
  ],
  [
    StatusCondition,
    {
      '': { required: ['type', 'status'] },
      type: { maxLength: 316 },
      reason: { maxLength: 1024 },
      message: { maxLength: 32768 },
      lastTransitionTime: time,
    },
  ],
]);

/** `status` of a Module: our entries and conditions, KMM's counters. */
export function statusSchema(): StructuralSchema {
  const counters = toStructural(Counters);
  return {
    type: 'object',
    properties: {
      kernels: {
        type: 'object',
        description: 'How the Module stands on each kernel and architecture that a selected node has.',
        maxProperties: mostKernels,
        additionalProperties: toStructural(KernelEntry, refinements),
        'x-kubernetes-validations': [
          toValidation({
            id: 'entry-key',
            rule: "self.all(k, k.matches(r'^[A-Za-z0-9._+~-]{1,64}/[a-z0-9]{1,16}$'))",
            says: 'a key is <kernel>/<architecture>',
          }),
        ],
      },
      conditions: {
        type: 'array',
        maxItems: 16,
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['type'],
        items: toStructural(StatusCondition, refinements),
      },
      moduleLoader: counters,
      devicePlugin: counters,
      dra: counters,
      imageRebuildTriggerGeneration: { type: 'integer', format: 'int64' },
    },
  };
}

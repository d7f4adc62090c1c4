import * as z from 'zod';
import type { Trigger } from '../../shared/events/trigger.ts';
import { states } from '../../shared/kmm/status.ts';
import { formatReference } from '../../shared/oci/format-reference.ts';
import type { QueuedFunction } from '../../shared/ports/bus.ts';
import { RegistryError } from '../../shared/ports/errors.ts';
import type { ImageFinder, ImageLookup } from '../../shared/ports/registry.ts';
import type { TargetPorts } from '../../shared/ports/target-ports.ts';
import { type DaemonSetWrite, observeCluster } from './observe-cluster.ts';

/** What one run of a function asked, decided and wrote. */
export interface FunctionRun {
  function: QueuedFunction;
  triggers: readonly Trigger[];
  lookUps: LookUp[];
  targets: TargetStep[];
  writes: DaemonSetWrite[];
  labelled: LabelledNode[];
  failures: string[];
}

export interface LookUp {
  reference: string;
  architecture: string;
  answer: ImageLookup | { kind: 'unreachable'; code: string; message: string };
}

/** A target whose state or reason changed, as the function itself logs it. */
const TargetStep = z.object({
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
export type TargetStep = z.infer<typeof TargetStep>;

const LabelledNode = z.object({
  node: z.string(),
  labels: z.record(z.string(), z.string().nullable()).default({}),
});
export type LabelledNode = z.infer<typeof LabelledNode>;

/** The ports of one run, which note in `run` what passes through them. */
export function observeRun(run: FunctionRun, ports: TargetPorts): TargetPorts {
  return {
    ...ports,
    images: observeImages(ports.images, run.lookUps),
    cluster: observeCluster(ports.cluster, run.writes),
    log: {
      ...ports.log,
      info(message, fields) {
        if (message === 'target') run.targets.push(TargetStep.parse(fields));
        if (message === 'node labels') run.labelled.push(LabelledNode.parse(fields));
        ports.log.info(message, fields);
      },
    },
  };
}

function observeImages(images: ImageFinder, lookUps: LookUp[]): ImageFinder {
  return {
    async findImage(request) {
      const { architecture } = request;
      const reference = formatReference(request.reference);
      try {
        const answer = await images.findImage(request);
        lookUps.push({ reference, architecture, answer });
        return answer;
      } catch (error) {
        if (error instanceof RegistryError) {
          const { code, message } = error;
          lookUps.push({ reference, architecture, answer: { kind: 'unreachable', code, message } });
        }
        throw error;
      }
    },
  };
}

import { setTimeout } from 'node:timers/promises';
import type { DesiredSettings } from '../../../shared/desired/settings.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import type { Cluster } from '../../../shared/ports/cluster.ts';
import type { ImageFinder } from '../../../shared/ports/registry.ts';
import type { TargetPorts } from '../../../shared/ports/target-ports.ts';

/**
 * What gathering needs, as a command has it: the functions' own way of reading facts, without builder, signer and inspector
 * (what an installation has is not known here), and without anything that acts.
 */
export function planPorts(
  cluster: Cluster,
  images: ImageFinder,
  now: () => Date,
  desired: DesiredSettings,
): TargetPorts {
  const silent = () => undefined;
  return {
    cluster,
    images,
    now,
    bus: { publish: async () => undefined },
    log: { debug: silent, info: silent, warn: silent, error: silent },
    sleep: async (milliseconds) => void (await setTimeout(milliseconds)),
    settings: {
      desired,
      grants: [],
      ignoredTaints: defaultIgnoredTaints,
      hostAliases: {},
      inspector: false,
      maxKernels: 64,
    },
  };
}

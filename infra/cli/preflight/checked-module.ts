import type { KnownModule } from '../../../shared/reconcile/known-module.ts';
import { mappingWords } from '../explain/mapping-words.ts';
import type { PlannedTarget } from '../plan/planned-target.ts';
import { isServed, type Verdict, verdictOf } from './verdict.ts';

/** What `kmm preflight` says about one Module; `-o json` prints it as it is. */
export interface CheckedModule {
  namespace: string;
  module: string;
  verdict: Verdict;
  served: boolean;
  /** Which one, and why; or why none. */
  mapping: string;
  image?: string;
  digest?: string;
  reason: string;
  message: string;
  warnings: string[];
}

export function toCheckedModule(module: KnownModule, planned: PlannedTarget): CheckedModule {
  const resolution = module.resolve(planned.kernelVersion);
  const data = resolution.outcome === 'resolved' ? resolution.data : undefined;
  const verdict = verdictOf(planned.row, {
    moduleLoader: resolution.outcome !== 'no-module-loader',
    build: data?.build !== undefined,
    sign: data?.sign !== undefined,
  });
  const mappings = module.spec?.moduleLoader?.container?.kernelMappings ?? [];
  const { image, digest, reason, warnings } = planned;
  return {
    namespace: module.namespace,
    module: module.name,
    verdict,
    served: isServed(verdict),
    mapping: mappingWords(resolution, mappings, planned.kernelVersion),
    ...(image === undefined ? {} : { image }),
    ...(digest === undefined ? {} : { digest }),
    reason,
    message: words(verdict, planned),
    warnings,
  };
}

/** The planner speaks of what it starts; here nothing is. */
function words(verdict: Verdict, { image = 'the image', digest = '', message }: PlannedTarget): string {
  switch (verdict) {
    case 'image-found':
      return `${image} is there (${digest})`;
    case 'would-sign':
      return `${image} is not there; the unsigned image is, and would be signed`;
    case 'would-build':
      return `${image} is not there; it would be built`;
    case 'would-build-and-sign':
      return `${image} is not there; it would be built and signed`;
    case 'nothing-to-load':
      return 'the Module has no moduleLoader: nothing is loaded for any kernel';
    default:
      return message;
  }
}

import type { TargetPlan } from './plan.ts';
import type { View } from './view.ts';

/** The digest to run and what the tag points to, for the entry. */
export function digests({ wanted, image }: View): Pick<TargetPlan, 'digest' | 'tagDigest' | 'newDigest'> {
  return {
    ...(wanted === undefined ? {} : { digest: wanted }),
    ...(image === undefined ? {} : { tagDigest: image.tagDigest }),
    ...(image === undefined || image.digest === wanted ? {} : { newDigest: image.digest }),
  };
}

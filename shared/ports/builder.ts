import type { TargetKey } from '../events/trigger.ts';
import type { ModuleLoaderData } from '../kmm/module-loader-data.ts';
import type { BuildFacts } from '../reconcile/facts.ts';

export interface BuildRequest {
  target: TargetKey;
  data: ModuleLoaderData;
  /** Image reference to push to. */
  destination: string;
  /** What the user asked to be made anew (reconcile/request.ts); part of the identity. */
  request: string;
}

/** Builds kmod images. `external`: somebody else builds, we wait for the push. */
export type Builder = JobBuilder | { readonly kind: 'external' };

export interface JobBuilder {
  readonly kind: 'job';
  /** The identity by the present inputs, and the Jobs of the target by any identity. */
  findBuilds(request: BuildRequest): Promise<BuildFacts>;
  /** Idempotent: the same identity and attempt start at most once. Never two at a time to one destination. */
  startBuild(request: BuildRequest, identity: string, attempt: number): Promise<void>;
}

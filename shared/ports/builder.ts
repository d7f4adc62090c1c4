import type { TargetKey } from '../events/trigger.ts';
import type { ModuleLoaderData } from '../kmm/module-loader-data.ts';

export interface BuildRequest {
  target: TargetKey;
  data: ModuleLoaderData;
  /** Image reference to push to. */
  destination: string;
  /** What the user asked to be made anew (reconcile/request.ts); part of the identity. */
  request: string;
}

/** One attempt at a build; `endedAt` in RFC 3339 unless it runs. */
export type BuildJob = { name: string; identity: string; attempt: number } & (
  | { phase: 'running' }
  | { phase: 'succeeded' | 'failed'; endedAt: string; message?: string }
);

/** `unbuildable`: an input is missing (no ConfigMap, no key `dockerfile`), said in words. */
export type BuildFacts =
  | { kind: 'known'; identity: string; jobs: BuildJob[]; startedLastHour: number }
  | { kind: 'unbuildable'; message: string };

/** Builds kmod images. `external`: somebody else builds, we wait for the push and never call the methods. */
export interface Builder {
  readonly kind: 'job' | 'external';
  /** The identity by the present inputs, and the Jobs of the target by any identity. */
  findBuilds(request: BuildRequest): Promise<BuildFacts>;
  /** Idempotent: the same identity and attempt start at most once. Never two at a time to one destination. */
  startBuild(request: BuildRequest, identity: string, attempt: number): Promise<void>;
}

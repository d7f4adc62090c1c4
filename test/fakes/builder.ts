import type { BuildRequest, JobBuilder } from '../../shared/ports/builder.ts';
import type { BuildJob } from '../../shared/reconcile/facts.ts';

export interface FakeBuilder extends JobBuilder {
  /** Every start, with where it pushes. */
  readonly started: { destination: string; identity: string; attempt: number }[];
  /** What the identity depends on, beside destination and request: a Dockerfile, say. */
  inputs: string;
  /** The last Job ends. */
  finish(phase: 'succeeded' | 'failed', endedAt: string, message?: string): void;
  failNext(error: Error): void;
}

/** Builds nothing; keeps Jobs as the API would. Starting the same attempt twice starts it once. */
export function createFakeBuilder(): FakeBuilder {
  const jobs = new Map<string, BuildJob>();
  let failure: Error | undefined;
  const identityOf = (request: BuildRequest, inputs: string) => `${request.destination} ${request.request} ${inputs}`;
  const fake: FakeBuilder = {
    kind: 'job',
    started: [],
    inputs: 'dockerfile-1',
    failNext: (error) => {
      failure = error;
    },
    finish(phase, endedAt, message) {
      const [name, job] = [...jobs].at(-1) ?? [];
      if (name === undefined || job === undefined) throw new Error('no Job has been started');
      const { identity, attempt } = job;
      jobs.set(name, { name, identity, attempt, phase, endedAt, ...(message === undefined ? {} : { message }) });
    },
    async findBuilds(request) {
      const all = [...jobs.values()];
      return { kind: 'known', identity: identityOf(request, fake.inputs), jobs: all, startedLastHour: all.length };
    },
    async startBuild(request, identity, attempt) {
      const error = failure;
      failure = undefined;
      if (error !== undefined) throw error;
      const name = `${identity} ${attempt}`;
      if (jobs.has(name)) return;
      jobs.set(name, { name, identity, attempt, phase: 'running' });
      fake.started.push({ destination: request.destination, identity, attempt });
    },
  };
  return fake;
}

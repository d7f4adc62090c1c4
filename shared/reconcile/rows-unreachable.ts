import type { ImageFact, TargetFacts } from './facts.ts';
import type { RowId, TargetPlan } from './plan.ts';

const firstRetrySeconds = 60;

/**
 * The registry gave no answer: never a build, never a change of what runs. One delayed look after a minute (or Retry-After);
 * later ones are the sweep's, so a second unreachable answer sets no new time.
 */
export function unreachablePlan(
  facts: TargetFacts,
  image: Extract<ImageFact, { kind: 'unreachable' }>,
  row: Extract<RowId, 'registry-unreachable' | 'unsigned-unreachable'>,
): TargetPlan {
  const { entry, now, resolution } = facts;
  const builds = resolution.outcome === 'resolved' && resolution.data.build !== undefined;
  const ambiguous = image.denied && builds;
  const first = entry?.state !== 'RegistryUnreachable';
  const nextTry = first
    ? new Date(now.getTime() + (image.retryAfterSeconds ?? firstRetrySeconds) * 1000)
    : pending(facts);
  return {
    row,
    action: { kind: 'none' },
    state: 'RegistryUnreachable',
    reason: ambiguous ? 'DeniedOrMissing' : image.code,
    message: ambiguous
      ? `${image.message}; a registry that hides missing repositories answers like this: create the repository, or annotate the Module with kmm.node.kubernetes.io/denied-means-missing: "true"`
      : image.message,
    ...(nextTry === undefined ? {} : { nextTry }),
  };
}

function pending({ entry, now }: TargetFacts): Date | undefined {
  const at = entry?.nextTry === undefined ? Number.NaN : Date.parse(entry.nextTry);
  return at > now.getTime() ? new Date(at) : undefined;
}

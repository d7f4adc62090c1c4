import { labels } from '../../kmm/labels.ts';
import type { Job } from '../../kubernetes/objects.ts';
import type { JobTrigger } from '../trigger.ts';
import type { Change } from './change.ts';

/** One of our Jobs ended, well or badly. A Job that goes says nothing: it had ended, or we deleted it. */
export function jobTriggers({ before, after }: Change<Job>): JobTrigger[] {
  const module = after?.metadata.labels[labels.moduleName];
  if (after?.metadata.namespace === undefined || module === undefined) return [];
  if (!jobFinished(after) || (before !== undefined && jobFinished(before))) return [];
  return [{ kind: 'job', namespace: after.metadata.namespace, module, name: after.metadata.name }];
}

/** Complete or Failed; not FailureTarget or SuccessCriteriaMet, which come before the pods have ended. */
export function jobFinished(job: Job): boolean {
  return (job.status?.conditions ?? []).some(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  );
}

import type { MigrationApi, Written } from './migration-api.ts';
import type { Step } from './step.ts';

/** Makes one step so. `absent` is as good as done; after a `conflict` the step is planned anew. */
export function applyStep(step: Step, api: Pick<MigrationApi, 'patch' | 'delete'>): Promise<Written> {
  const { change, uid, resourceVersion } = step;
  switch (change.action) {
    case 'delete':
      return api.delete(step, { uid, orphan: false });
    case 'orphan':
      return api.delete(step, { uid, orphan: true });
    case 'drop-finalizers': {
      // A list is replaced whole: only as it was read, so that no finalizer that came meanwhile is lost.
      const finalizers = change.kept.length === 0 ? null : change.kept;
      return api.patch(step, { metadata: { resourceVersion, finalizers } });
    }
    case 'remove-labels':
      return api.patch(step, { metadata: { labels: Object.fromEntries(change.labels.map((key) => [key, null])) } });
  }
}

import * as z from 'zod';
import { DaemonSet, type Manifest } from '../../shared/kubernetes/objects.ts';
import type { Cluster } from '../../shared/ports/cluster.ts';

/** A write of a DaemonSet that went through. */
export type DaemonSetWrite =
  | { kind: 'applied'; name: string; isNew: boolean; manifest: Manifest }
  /** More nodes may take the new template at once. */
  | { kind: 'widened'; name: string; maxUnavailable: string | number }
  | { kind: 'deleted'; name: string };

const Widening = z.object({
  spec: z.object({
    updateStrategy: z.object({ rollingUpdate: z.object({ maxUnavailable: z.union([z.string(), z.number()]) }) }),
  }),
});

/** A cluster that tells of each write of a DaemonSet that went through. */
export function observeCluster(cluster: Cluster, tell: (write: DaemonSetWrite) => void): Cluster {
  return {
    ...cluster,
    async apply(kind, manifest) {
      const applied = await cluster.apply(kind, manifest);
      if (kind === 'DaemonSet') {
        const isNew = DaemonSet.parse(applied).metadata.generation === 1;
        tell({ kind: 'applied', name: manifest.metadata.name, isNew, manifest });
      }
      return applied;
    },
    async patch(kind, key, patch, options) {
      const patched = await cluster.patch(kind, key, patch, options);
      const widening = kind === 'DaemonSet' && patched !== 'absent' ? Widening.safeParse(patch).data : undefined;
      if (widening !== undefined) {
        const { maxUnavailable } = widening.spec.updateStrategy.rollingUpdate;
        tell({ kind: 'widened', name: key.name, maxUnavailable });
      }
      return patched;
    },
    async delete(kind, key, options) {
      const deleted = await cluster.delete(kind, key, options);
      if (kind === 'DaemonSet' && deleted === 'deleted') tell({ kind: 'deleted', name: key.name });
      return deleted;
    },
  };
}

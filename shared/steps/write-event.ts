import type { Manifest } from '../kubernetes/objects.ts';
import { ClusterError } from '../ports/errors.ts';
import type { TargetPorts } from '../ports/target-ports.ts';

/** A refused Event stops nothing; one that stands already is the same one. */
export async function writeEvent(event: Manifest, ports: Pick<TargetPorts, 'cluster' | 'log'>): Promise<void> {
  try {
    await ports.cluster.create(event);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    ports.log.warn('an Event could not be written', { event: event.metadata.name, error: error.message });
  }
}

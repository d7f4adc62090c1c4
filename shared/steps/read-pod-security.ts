import { enforcedLevel, enforceLabel } from '../kubernetes/pod-security.ts';
import { ClusterError } from '../ports/errors.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import type { PodSecurity } from '../reconcile/conditions.ts';
import type { RunReads } from './run-reads.ts';

/**
 * Whether the namespace's Pod Security level lets our pods in: nothing else would say why none appears. Loading a module takes
 * SYS_MODULE and host paths, which only `privileged` allows. `unknown` without the right to read the namespace.
 */
export async function readPodSecurity(name: string, { cluster }: TargetPorts, reads: RunReads): Promise<PodSecurity> {
  try {
    const namespace = await reads.once(`namespace ${name}`, () => cluster.get('Namespace', { name }));
    return namespace === undefined ? { kind: 'unknown' } : verdict(name, enforcedLevel(namespace.metadata.labels));
  } catch (error) {
    if (error instanceof ClusterError && error.code === 'FORBIDDEN') return { kind: 'unknown' };
    throw error;
  }
}

function verdict(name: string, level: ReturnType<typeof enforcedLevel>): PodSecurity {
  if (level === 'privileged') return { kind: 'allowed' };
  const message = `namespace ${name} enforces the Pod Security level "${level}", which forbids pods that load modules: label it ${enforceLabel}=privileged`;
  return { kind: 'forbidden', reason: 'PodSecurityForbids', message };
}

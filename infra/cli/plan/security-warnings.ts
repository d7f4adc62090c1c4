import type { NamespaceMarks } from '../../../shared/kubernetes/pod-security.ts';
import { podSecurityVerdict, sccNote } from '../../../shared/kubernetes/pod-security.ts';
import type { Cluster } from '../../../shared/ports/cluster.ts';
import { ClusterError } from '../../../shared/ports/errors.ts';

/** What a namespace has against the pods of a DaemonSet, one sentence each; none where it could not be read. */
export function securityWarnings(namespace: NamespaceMarks | undefined, daemonSet: unknown): string[] {
  if (namespace === undefined) return [];
  const verdict = podSecurityVerdict(namespace, daemonSet);
  return [verdict.kind === 'forbidden' ? verdict.message : undefined, sccNote(namespace, daemonSet)].filter(
    (words) => words !== undefined,
  );
}

/** The marks of a namespace; undefined when there is none, or when whoever asks may not read it: then nothing is said. */
export async function readNamespaceMarks(
  cluster: Pick<Cluster, 'get'>,
  name: string,
): Promise<NamespaceMarks | undefined> {
  try {
    const { metadata } = (await cluster.get('Namespace', { name })) ?? {};
    return metadata && { name, labels: metadata.labels, annotations: metadata.annotations };
  } catch (error) {
    if (error instanceof ClusterError && error.code === 'FORBIDDEN') return undefined;
    throw error;
  }
}

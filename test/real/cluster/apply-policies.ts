import { setTimeout } from 'node:timers/promises';
import type { Manifest } from '../../../shared/kubernetes/objects.ts';
import type { ControlPlane } from '../support/control-plane/start-control-plane.ts';

const patienceMilliseconds = 20_000;

/**
 * Applies policies or hooks with kubectl, as a user does, and waits until the API server acts by them: it reads them from a
 * watch of its own, a moment later.
 */
export async function applyPolicies(
  { kubectl }: Pick<ControlPlane, 'kubectl'>,
  manifests: readonly Manifest[],
  isActive: () => Promise<boolean>,
): Promise<void> {
  const items = { apiVersion: 'v1', kind: 'List', items: manifests };
  await kubectl(['apply', '-f', '-'], { input: JSON.stringify(items) });
  for (const end = Date.now() + patienceMilliseconds; Date.now() < end; await setTimeout(50)) {
    if (await isActive()) return;
  }
  throw new Error(
    `The API server does not act by ${manifests[0]?.metadata.name} within ${patienceMilliseconds / 1000} s`,
  );
}

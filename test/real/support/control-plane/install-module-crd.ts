import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import { renderModuleCrd } from '../../../../infra/kubernetes/crd/module-crd.ts';
import type { ControlPlane } from './start-control-plane.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Installs the project's CRD and waits until the server serves it. Throws with the server's words when it is refused. */
export async function installModuleCrd({ api }: Pick<ControlPlane, 'api'>): Promise<void> {
  const crd = renderModuleCrd();
  await api.call('POST', definitions, crd);
  for (const end = Date.now() + 20_000; Date.now() < end; await setTimeout(50)) {
    const { body } = await api.send('GET', `${definitions}/${crd.metadata.name}`);
    if (Established.safeParse(body).success && (await isWritable(api))) return;
  }
  throw new Error('The API server does not serve Modules within 20 s');
}

const Established = z.object({
  status: z.object({
    conditions: z
      .array(z.object({ type: z.string(), status: z.string() }))
      .refine((conditions) => conditions.some(({ type, status }) => type === 'Established' && status === 'True')),
  }),
});

/** Lists are served first; for a moment writes are still answered 429 (storage is (re)initializing). */
async function isWritable(api: ControlPlane['api']): Promise<boolean> {
  const path = '/apis/kmm.sigs.x-k8s.io/v1beta1/namespaces/default/modules?dryRun=All';
  return ![404, 429, 503].includes((await api.send('POST', path, {})).status);
}

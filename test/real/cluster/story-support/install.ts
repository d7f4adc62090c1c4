import * as z from 'zod';
import type { Installation, Secrets } from '../../../../infra/kubernetes/installation.ts';
import { renderInstallation } from '../../../../infra/kubernetes/render-installation.ts';
import { labels } from '../../../../shared/kmm/labels.ts';
import { defaultIgnoredTaints } from '../../../../shared/kubernetes/ignored-taints.ts';
import type { ControlPlane } from '../../support/control-plane/start-control-plane.ts';
import { eventually } from './eventually.ts';
import type { HookDoor } from './hook-door.ts';

/** Where all Modules of the stories live. */
export const namespace = 'drivers';

export function storyInstallation(door: HookDoor, secrets: Secrets): Installation {
  return {
    namespace: 'kmm-functions',
    clusterName: 'story',
    profile: 'deployment',
    image: 'registry.example/kmm-functions:1',
    events: { kind: 'hooks', door: { kind: 'url', sink: door.url, caBundle: door.ca } },
    ignoredTaints: defaultIgnoredTaints,
    kernelLabel: 'policy',
    secrets,
  };
}

/**
 * Applies what `kmm install` prints, all but the Deployment, whose place this host takes, and waits until the API server acts
 * by it: it reads policies and hooks from a watch of its own, a moment later.
 */
export async function install(plane: ControlPlane, installation: Installation, door: HookDoor): Promise<void> {
  const items = renderInstallation(installation).filter(({ kind }) => kind !== 'Deployment');
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  await plane.kubectl(['apply', '-f', '-'], { input });
  await plane.api.call('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  await eventually('the API server takes Modules', () => takesModules(plane));
  await eventually('the API server labels Nodes', () => labelsNodes(plane));
  await eventually('the API server calls the hooks', () => callsHooks(plane, door));
}

/** What is no Module is refused for what it is (422), and no longer because nobody serves Modules. */
async function takesModules({ api }: ControlPlane): Promise<true | undefined> {
  const path = `/apis/kmm.sigs.x-k8s.io/v1beta1/namespaces/${namespace}/modules?dryRun=All`;
  const nothing = { apiVersion: 'kmm.sigs.x-k8s.io/v1beta1', kind: 'Module', metadata: { name: 'probe' } };
  return (await api.send('POST', path, nothing)).status === 422 || undefined;
}

async function labelsNodes({ api }: ControlPlane): Promise<true | undefined> {
  const info = ['machineID', 'systemUUID', 'bootID', 'osImage', 'containerRuntimeVersion', 'kubeletVersion'];
  const nodeInfo = Object.fromEntries([...info, 'kubeProxyVersion', 'operatingSystem'].map((key) => [key, 'probe']));
  const node = {
    metadata: { name: 'probe' },
    status: { nodeInfo: { ...nodeInfo, architecture: 'amd64', kernelVersion: '1.2.3' } },
  };
  const created = Labelled.safeParse(await api.call('POST', '/api/v1/nodes?dryRun=All', node));
  return created.success || undefined;
}

const Labelled = z.object({ metadata: z.object({ labels: z.object({ [labels.kernelVersion]: z.string() }) }) });

/** A dry run is reviewed too, and the functions drop it. */
async function callsHooks({ api }: ControlPlane, door: HookDoor): Promise<true | undefined> {
  const path = `/api/v1/namespaces/${namespace}/configmaps?dryRun=All`;
  await api.call('POST', path, { metadata: { generateName: 'probe-' }, data: { dockerfile: 'FROM scratch' } });
  return door.calls.length > 0 || undefined;
}

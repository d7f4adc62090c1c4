import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Installation } from '../../../../infra/kubernetes/installation.ts';
import { serviceAccount } from '../../../../infra/kubernetes/installation.ts';
import { createLocalRegistry, type LocalRegistry } from '../../../../infra/local/registry/local-registry.ts';
import type { Cluster } from '../../../../shared/ports/cluster.ts';
import type { AuditEntry } from '../../support/control-plane/audit-log.ts';
import { writeKubeconfig } from '../../support/control-plane/kubeconfig.ts';
import { type ControlPlane, startControlPlane } from '../../support/control-plane/start-control-plane.ts';
import { freePort } from '../../support/free-port.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { type Counts, startCount } from './counting.ts';
import { createFunctionsServer, type FunctionsServer } from './functions-server.ts';
import { type HookDoor, startHookDoor } from './hook-door.ts';
import { install, storyInstallation } from './install.ts';
import { deadLabel, kwokOptions, storyStages } from './kwok-stages.ts';

/**
 * A real control plane whose API server calls the functions, which run as the server on this host and have no other rights
 * than those that `kmm install` gives them. What becomes of it is looked at from outside, by the admin.
 */
export interface Story {
  plane: ControlPlane;
  /** The admin's eyes and hands. */
  cluster: Cluster;
  installation: Installation;
  server: FunctionsServer;
  door: HookDoor;
  registry: LocalRegistry;
  /** Requests of the functions' account so far. */
  requests(): Promise<AuditEntry[]>;
  /** Counts from here on; the returned function ends it when all is quiet. */
  count(quietMs?: number): Promise<() => Promise<Counts>>;
  /** Milliseconds of something, told at the end beside the counts. */
  note(what: string, milliseconds: number): void;
  /** What the schedule does every five minutes, through the manual door. */
  sweep(): Promise<void>;
  /** Any call of the manual door. */
  byHand(call: object): Promise<void>;
  stop(): Promise<void>;
}

export interface StoryOptions {
  /**
   * A node is Unknown 12 s after its last word, not 50. Its lease is renewed every two seconds then: nothing for a thousand
   * nodes.
   */
  impatient: boolean;
}

const secrets = { hook: 'hook-secret-of-the-stories', door: 'door-secret-of-the-stories' };
const registrySecret = 'registry-secret-of-the-stories';

export async function startStory({ impatient }: StoryOptions): Promise<Story> {
  const cleanup = new AsyncDisposableStack();
  try {
    const folder = await temporaryFolder('story');
    cleanup.defer(folder.remove);
    const port = await freePort();
    const registry = await createLocalRegistry({
      notify: [
        {
          url: `http://127.0.0.1:${port}/events/distribution/local`,
          headers: { Authorization: `Bearer ${registrySecret}` },
        },
      ],
    });
    cleanup.defer(() => registry.close());
    const door = await startHookDoor(folder.path, port);
    cleanup.defer(door.close);
    const stages = join(folder.path, 'stages.json');
    await writeFile(stages, [kwokOptions, ...storyStages].map((document) => JSON.stringify(document)).join('\n---\n'));
    const plane = await startControlPlane({
      flags: {
        kwok: [
          ...[`--config=${stages}`, '--manage-all-nodes=false', `--manage-nodes-with-label-selector=!${deadLabel}`],
          ...(impatient ? ['--node-lease-duration-seconds=8'] : []),
        ],
        ...(impatient && {
          'kube-controller-manager': ['--node-monitor-grace-period=12s', '--node-monitor-period=1s'],
        }),
      },
    });
    cleanup.defer(plane.stop);
    const installation = storyInstallation(door, secrets);
    await install(plane, installation, door);
    const account = { namespace: installation.namespace, name: serviceAccount };
    const kubeconfig = join(folder.path, 'functions.kubeconfig');
    await writeKubeconfig(kubeconfig, plane, { token: await plane.serviceAccountToken(account) });
    const server = createFunctionsServer(port, {
      KMM_CONFIG: JSON.stringify(configuration(registry.host)),
      KMM_KUBECONFIG: kubeconfig,
      KMM_WATCH: 'false',
      HOOK_SECRET: secrets.hook,
      DOOR_SECRET: secrets.door,
      REGISTRY_SECRET: registrySecret,
    });
    cleanup.defer(server.kill);
    await server.start();

    const user = `system:serviceaccount:${account.namespace}:${account.name}`;
    const requests = async () => (await plane.auditLog()).filter((entry) => entry.user === user);
    const registryRequests = () =>
      registry.requests.count({ method: 'GET', kind: 'manifests' }) +
      registry.requests.count({ method: 'HEAD', kind: 'manifests' });
    const byHand = async (call: object) => {
      const answer = await fetch(`${server.url}/events/manual/ops`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${secrets.door}` },
        body: JSON.stringify(call),
      });
      if (answer.status !== 202) throw new Error(`The manual door: ${answer.status} ${await answer.text()}`);
    };
    return {
      plane,
      cluster: plane.admin,
      installation,
      server,
      door,
      registry,
      requests,
      count: (quietMs) => startCount({ requests, hookCalls: door.calls, registryRequests }, quietMs),
      note: (what, milliseconds) => process.stderr.write(`${what}: ${milliseconds} ms\n`),
      sweep: () => byHand({ scope: {} }),
      byHand,
      stop: () => cleanup.disposeAsync(),
    };
  } catch (error) {
    await cleanup.disposeAsync();
    throw error;
  }
}

function configuration(registryHost: string): object {
  return {
    clusterName: 'story',
    registries: { loopback: [registryHost], plainHttp: [registryHost] },
    clusterHookSecrets: ['HOOK_SECRET'],
    sources: [
      { source: 'distribution', name: 'local', secrets: ['REGISTRY_SECRET'] },
      { source: 'manual', name: 'ops', secrets: ['DOOR_SECRET'] },
    ],
  };
}

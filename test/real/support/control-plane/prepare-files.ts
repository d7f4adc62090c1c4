import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { run } from '../run.ts';
import { auditPolicy } from './audit-log.ts';
import type { Authority } from './authority.ts';
import type { ClusterFiles } from './component-arguments.ts';
import { writeKubeconfig } from './kubeconfig.ts';

/** Writes all that the components' command lines name: certificates, kubeconfigs, policies, stages. */
export async function prepareFiles(binary: string, folder: string, authority: Authority): Promise<ClusterFiles> {
  const [api, etcd, etcdPeer] = [await freePort(), await freePort(), await freePort()];
  const server = { server: `https://127.0.0.1:${api}`, ca: authority.cert };
  const kubeconfig = async (user: string, groups: readonly string[] = []) =>
    writeKubeconfig(
      join(folder, `${user.replace(':', '-')}.kubeconfig`),
      server,
      await authority.issueClient(user, groups),
    );
  const write = async (name: string, content: string) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const [serving, controllerManager, scheduler, kwok, serviceAccounts, stages] = await Promise.all([
    authority.issueServer('kube-apiserver', [
      'IP:127.0.0.1',
      'IP:10.96.0.1',
      'DNS:localhost',
      'DNS:kubernetes.default.svc',
    ]),
    kubeconfig('system:kube-controller-manager'),
    kubeconfig('system:kube-scheduler'),
    kubeconfig('kwok', ['system:masters']),
    authority.issueClient('service-accounts', []),
    run(binary, ['kwok-stages']),
  ]);
  return {
    folder,
    ports: { api, etcd, etcdPeer },
    ca: authority,
    serving,
    serviceAccounts,
    auditPolicy: await write('audit-policy.json', JSON.stringify(auditPolicy)),
    auditLog: await write('audit.log', ''),
    kubeconfigs: {
      controllerManager,
      schedulerConfig: await write('scheduler.json', JSON.stringify(schedulerConfig(scheduler))),
      kwok,
    },
    kwokStages: await write('kwok-stages.yaml', stages),
  };
}

function schedulerConfig(kubeconfig: string): object {
  return {
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    leaderElection: { leaderElect: false },
    clientConnection: { kubeconfig, qps: 1000, burst: 2000 },
    enableProfiling: false,
  };
}

import type { LocalStack } from '../local/local-stack.ts';
import type { RequestCounters } from '../local/registry/request-counters.ts';
import { sampleFleet } from '../local/sample-fleet.ts';
import { sampleNames } from '../local/sample-module.ts';
import { sampleImage } from '../local/story.ts';

/** What this is and where. */
export function welcomeText({ cluster, registry, registryHost, kubeconfig, server, folder, isKept }: LocalStack): string {
  return [
    'Kernel modules for a fleet: functions that wake on events keep each node loaded with the module for its kernel.',
    cluster
      ? 'All of it runs in this process, on loopback only: a small Kubernetes API, a registry, and the functions.'
      : 'The functions run in this process and watch the cluster of the kubeconfig.',
    '',
    `  cluster     ${cluster?.url ?? 'another one'} (kubeconfig: ${kubeconfig})`,
    `  registry    ${registryHost}${registry ? '' : ' (another one)'}`,
    `  functions   ${server.url}`,
    `  files       ${folder}${isKept ? '' : ' (goes when this ends)'}, log in server.log`,
  ].join('\n');
}

/** What it cost, as counted by the API and the registry themselves. */
export function countsText(api: Record<string, number>, registry: RequestCounters, lookUps: number): string {
  const byVerb = new Map<string, number>();
  for (const [key, count] of Object.entries(api)) {
    const [verb = ''] = key.split(' ');
    byVerb.set(verb, (byVerb.get(verb) ?? 0) + count);
  }
  const verbs = [...byVerb].map(([verb, count]) => `${count} ${verb}`).join(', ');
  const manifests = ['GET', 'HEAD'].map((method) => registry.count({ method, kind: 'manifests' }));
  return [
    '',
    `Requests to the cluster's API, the story's own included: ${verbs}.`,
    `Requests to the registry: ${registry.count()}; ${(manifests[0] ?? 0) + (manifests[1] ?? 0)} of them looked at a manifest, ${lookUps} for the functions, the others for nodes that pull.`,
  ].join('\n');
}

/** What to try, in lines that can be pasted. */
export function hintsText(stack: LocalStack): string {
  const { kubeconfig, registryHost, cluster } = stack;
  const kmm = `npm run -s kmm --`;
  const name = `${sampleNames.namespace}/${sampleNames.module}`;
  const explain = `  ${kmm} explain ${name} --kubeconfig ${kubeconfig}`;
  if (cluster === undefined) return ['', 'It stays up and follows the cluster; Ctrl-C ends it.'].join('\n');
  const built = sampleFleet.find(({ pushed }) => pushed === 'later');
  const missing = sampleFleet.find(({ pushed }) => pushed === 'never');
  const from = sampleImage(registryHost, built?.kernelVersion ?? '') ?? '';
  const to = sampleImage(registryHost, missing?.kernelVersion ?? '') ?? '';
  return [
    '',
    `${missing?.nodes.join(', ')} waits: the Module would build its image, and no builder is configured here. Push the image yourself,`,
    'and its DaemonSet appears. From another terminal, in this folder:',
    '',
    `  skopeo copy --src-tls-verify=false --dest-tls-verify=false docker://${from} docker://${to}`,
    '  # or, without skopeo:',
    `  node infra/node24.mjs infra/local/push.ts ${to}`,
    '',
    explain,
    `${explain} --node ${missing?.nodes[0]}`,
    `  kubectl --kubeconfig ${kubeconfig} get nodes,daemonsets,pods -A`,
    '',
    'Or type here: help, join KERNEL, push KERNEL, break, fix, reboot NODE, leave NODE, explain, quit.',
  ].join('\n');
}

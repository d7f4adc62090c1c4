import type { LocalStack } from '../local/local-stack.ts';
import type { RequestCounters } from '../local/registry/request-counters.ts';
import { sampleKernels } from '../local/sample-fleet.ts';
import { sampleImage } from '../local/sample-images.ts';
import { sampleNames } from '../local/sample-module.ts';

/** What this is and where. */
export function welcomeText({
  cluster,
  registry,
  registryHost,
  kubeconfig,
  server,
  folder,
  isKept,
}: LocalStack): string {
  return [
    'Kernel modules for a fleet: functions that wake on events keep each node loaded with the module for its kernel.',
    cluster
      ? 'All of it runs in this process, on loopback only: a small Kubernetes API, a registry, and the functions.'
      : 'The functions run in this process and watch the cluster of the kubeconfig.',
    '',
    `  cluster     ${cluster?.url ?? 'another one'} (kubeconfig: ${kubeconfig})`,
    `  registry    ${registryHost}${registry ? '' : ' (another one)'}`,
    `  functions   ${server.url}`,
    `  files       ${folder}${isKept ? '' : ' (goes when this ends)'}: ${cluster ? 'sample-module.yaml, sample-node.json, kubeconfig, ' : ''}server.log`,
    '',
    'Each line below happened: an event and the function that it wakes; the mapping of the Module that wins for a kernel;',
    'what the registry answers; the DaemonSet that loads the module; the state of the target (a kernel and an architecture);',
    'pods that get ready; labels of nodes, which say where the module is loaded; the device plugin that follows them.',
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
    `Requests to the registry: ${registry.count()}; ${(manifests[0] ?? 0) + (manifests[1] ?? 0)} of them looked at a manifest, ${lookUps} for the functions, the others for nodes that pull and for the story itself.`,
  ].join('\n');
}

/** Why a target waits although all is well. */
export function unbuiltText({ key, image }: { key: string; image: string }): string {
  return `${key} waits, and that is as it should be: its image would be built, and no builder is configured here. Push it yourself: ${image}`;
}

/** What to try, in lines that can be pasted; `script` is the file that runs: in a checkout there is more than in a package. */
export function hintsText(stack: LocalStack, script: string): string {
  const { kubeconfig, registryHost, cluster } = stack;
  const isCheckout = script.endsWith('.ts');
  const kmm = isCheckout ? 'npm run -s kmm --' : 'kmm';
  const name = `${sampleNames.namespace}/${sampleNames.module}`;
  const explain = `  ${kmm} explain ${name} --kubeconfig ${kubeconfig}`;
  if (cluster === undefined) return ['', 'It stays up and follows the cluster; Ctrl-C ends it.'].join('\n');
  const built = sampleKernels.find(({ pushed }) => pushed === 'later');
  const missing = sampleKernels.find(({ pushed }) => pushed === 'never');
  const from = sampleImage(registryHost, built?.kernelVersion ?? '') ?? '';
  const to = sampleImage(registryHost, missing?.kernelVersion ?? '') ?? '';
  return [
    '',
    'What to try. Push the image that is waited for, and its DaemonSet appears; from another terminal, in this folder:',
    '',
    `  skopeo copy --src-tls-verify=false --dest-tls-verify=false docker://${from} docker://${to}`,
    ...(isCheckout ? ['  # or, without skopeo:', `  node infra/node24.mjs infra/local/push.ts ${to}`] : []),
    '',
    '  # Which image does a kernel get? How does everything stand, and why not?',
    `  ${kmm} resolve -f ${stack.folder}/sample-module.yaml --kernel 6.0.7-301.fc37.x86_64`,
    explain,
    `${explain} --node ${missing?.nodes[0]}`,
    `  kubectl --kubeconfig ${kubeconfig} get nodes,modules,daemonsets,pods -A`,
    '  # Another node joins; the second line needs no kubectl.',
    `  kubectl --kubeconfig ${kubeconfig} create --validate=false -f ${stack.folder}/sample-node.json`,
    `  curl -s -H 'Content-Type: application/json' --data @${stack.folder}/sample-node.json ${cluster.url}/api/v1/nodes`,
    '',
    'Or type here: help, join KERNEL, push KERNEL, break, fix, reboot NODE, leave NODE, explain, quit.',
  ].join('\n');
}

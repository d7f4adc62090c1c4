import type { Objects } from './snapshot.ts';

/** As kustomize and OLM name them, of 1.x and 2.x, on a hub too. */
const operatorName = /^kmm-operator-(?:hub-)?(?:controller(?:-manager)?|webhook(?:-server)?)$/;

/**
 * Why a migration may not start: one sentence for each Deployment of KMM that is scaled up, with how to stop it. It would put
 * back what is taken away, and unload what it thinks is not wanted.
 */
export function runningOperators(deployments: readonly Objects['Deployment'][]): string[] {
  return deployments
    .filter(isOperator)
    .filter(({ spec, status }) => spec.replicas > 0 || status.replicas > 0)
    .map(sentence);
}

/** By name, or by the labels of KMM's Helm chart and bundles, which those who embed KMM keep. */
function isOperator({ metadata }: Objects['Deployment']): boolean {
  const isLabelled = ['part-of', 'component'].every((key) => metadata.labels[`app.kubernetes.io/${key}`] === 'kmm');
  return operatorName.test(metadata.name) || isLabelled;
}

function sentence({ metadata, spec }: Objects['Deployment']): string {
  const { namespace = '', name, labels } = metadata;
  const csv = labels['olm.owner'];
  if (csv !== undefined) {
    return `Deployment ${namespace}/${name} runs and OLM would scale it up again: delete its Subscription ("kubectl get subscriptions.operators.coreos.com -n ${namespace}" names it), then "kubectl delete clusterserviceversion -n ${namespace} ${csv}"; the CRDs and the Modules stay`;
  }
  if (spec.replicas === 0) return `Deployment ${namespace}/${name} is scaled down, but a pod of it still runs: wait`;
  return `Deployment ${namespace}/${name} runs: "kubectl scale -n ${namespace} deployment/${name} --replicas=0"`;
}

/** Where the kinds that KMM makes, marks or runs as live in the API. Those of KMM's own group may be absent. */
export const migrationKinds = {
  Deployment: { apiVersion: 'apps/v1', plural: 'deployments', namespaced: true },
  DaemonSet: { apiVersion: 'apps/v1', plural: 'daemonsets', namespaced: true },
  ControllerRevision: { apiVersion: 'apps/v1', plural: 'controllerrevisions', namespaced: true },
  Pod: { apiVersion: 'v1', plural: 'pods', namespaced: true },
  Job: { apiVersion: 'batch/v1', plural: 'jobs', namespaced: true },
  Node: { apiVersion: 'v1', plural: 'nodes', namespaced: false },
  Namespace: { apiVersion: 'v1', plural: 'namespaces', namespaced: false },
  Module: { apiVersion: 'kmm.sigs.x-k8s.io/v1beta1', plural: 'modules', namespaced: true },
  ModuleImagesConfig: { apiVersion: 'kmm.sigs.x-k8s.io/v1beta1', plural: 'moduleimagesconfigs', namespaced: true },
  ModuleBuildSignConfig: {
    apiVersion: 'kmm.sigs.x-k8s.io/v1beta1',
    plural: 'modulebuildsignconfigs',
    namespaced: true,
  },
  NodeModulesConfig: { apiVersion: 'kmm.sigs.x-k8s.io/v1beta1', plural: 'nodemodulesconfigs', namespaced: false },
  ValidatingWebhookConfiguration: {
    apiVersion: 'admissionregistration.k8s.io/v1',
    plural: 'validatingwebhookconfigurations',
    namespaced: false,
  },
  MutatingWebhookConfiguration: {
    apiVersion: 'admissionregistration.k8s.io/v1',
    plural: 'mutatingwebhookconfigurations',
    namespaced: false,
  },
} as const;

export type MigrationKind = keyof typeof migrationKinds;

/** One object, as steps and messages name it. */
export interface ObjectRef {
  kind: MigrationKind;
  namespace?: string;
  name: string;
}

/** The API path of a collection over all namespaces or, with a name, of one object. */
export function migrationPath(kind: MigrationKind, of: { namespace?: string; name?: string } = {}): string {
  const { apiVersion, plural } = migrationKinds[kind];
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = of.namespace === undefined ? '' : `/namespaces/${encodeURIComponent(of.namespace)}`;
  return `${root}${scope}/${plural}${of.name === undefined ? '' : `/${encodeURIComponent(of.name)}`}`;
}

/** `Pod gpu/acme-x`, `Node a`. */
export function refWords({ kind, namespace, name }: ObjectRef): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

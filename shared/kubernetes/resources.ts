import type * as z from 'zod';
import { ConfigMap, CoreEvent, DaemonSet, Job, ModuleObject, Namespace, Node, Pod, Secret } from './objects.ts';

/** Every kind that we touch: where it lives in the API and what we read of it. */
export const resources = {
  Module: { apiVersion: 'kmm.sigs.x-k8s.io/v1beta1', plural: 'modules', namespaced: true, schema: ModuleObject },
  Node: { apiVersion: 'v1', plural: 'nodes', namespaced: false, schema: Node },
  Pod: { apiVersion: 'v1', plural: 'pods', namespaced: true, schema: Pod },
  ConfigMap: { apiVersion: 'v1', plural: 'configmaps', namespaced: true, schema: ConfigMap },
  Secret: { apiVersion: 'v1', plural: 'secrets', namespaced: true, schema: Secret },
  Namespace: { apiVersion: 'v1', plural: 'namespaces', namespaced: false, schema: Namespace },
  Event: { apiVersion: 'v1', plural: 'events', namespaced: true, schema: CoreEvent },
  DaemonSet: { apiVersion: 'apps/v1', plural: 'daemonsets', namespaced: true, schema: DaemonSet },
  Job: { apiVersion: 'batch/v1', plural: 'jobs', namespaced: true, schema: Job },
} as const;

export type Kind = keyof typeof resources;
export type Kinds = { [K in Kind]: z.infer<(typeof resources)[K]['schema']> };

export function isKind(name: string): name is Kind {
  return Object.hasOwn(resources, name);
}

/** Namespace and name of one object; cluster-scoped kinds have no namespace. */
export interface ObjectKey {
  namespace?: string;
  name: string;
}

/** The API path of a collection or, with a name, of one object: `/apis/apps/v1/namespaces/n/daemonsets/d`. */
export function apiPath(kind: Kind, key: { namespace?: string | undefined; name?: string | undefined } = {}): string {
  const { apiVersion, plural, namespaced } = resources[kind];
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = namespaced && key.namespace !== undefined ? `/namespaces/${encodeURIComponent(key.namespace)}` : '';
  return `${root}${scope}/${plural}${key.name === undefined ? '' : `/${encodeURIComponent(key.name)}`}`;
}

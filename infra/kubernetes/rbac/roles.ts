import type { Manifest } from '../../../shared/kubernetes/objects.ts';
import type { PolicyRule, Rights } from './rights.ts';

/** A ServiceAccount's or a user's name in a binding. */
export type Subject =
  | { kind: 'ServiceAccount'; namespace: string; name: string }
  | { kind: 'User'; apiGroup: 'rbac.authorization.k8s.io'; name: string };

const group = 'rbac.authorization.k8s.io';
const apiVersion = `${group}/v1`;

/**
 * Roles and their bindings under one name: with namespaces a Role in each, so that there is nothing to be had in the others.
 * Events about Nodes live in `default`, whatever the namespaces.
 */
export function renderRoles(of: {
  name: string;
  subject: Subject;
  rights: Rights;
  namespaces: readonly string[] | undefined;
}): Manifest[] {
  const { name, subject, rights, namespaces } = of;
  if (namespaces === undefined) return bound('Cluster', name, [...rights.cluster, ...rights.namespaced], subject);
  const events = rights.namespaced.filter(({ resources }) => resources[0] === 'events');
  const withDefault = namespaces.includes('default') || events.length === 0;
  return [
    ...bound('Cluster', name, rights.cluster, subject),
    ...namespaces.flatMap((namespace) => bound('', name, rights.namespaced, subject, namespace)),
    ...(withDefault ? [] : bound('', name, events, subject, 'default')),
  ];
}

function bound(
  scope: 'Cluster' | '',
  name: string,
  rules: readonly PolicyRule[],
  subject: Subject,
  namespace?: string,
): Manifest[] {
  const metadata = { name, ...(namespace !== undefined && { namespace }) };
  return [
    { apiVersion, kind: `${scope}Role`, metadata, rules: [...rules] },
    {
      apiVersion,
      kind: `${scope}RoleBinding`,
      metadata,
      roleRef: { apiGroup: group, kind: `${scope}Role`, name },
      subjects: [subject],
    },
  ];
}

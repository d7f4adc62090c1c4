/** A rule of a Role. */
export interface PolicyRule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

/** Where rights hold: in the whole cluster, or namespace by namespace. */
export interface Rights {
  /** Nodes have no namespace. */
  cluster: PolicyRule[];
  namespaced: PolicyRule[];
}

const kmm = 'kmm.sigs.x-k8s.io';

/**
 * What the functions ask of the API server, and nothing more. A DaemonSet is made by server-side apply: `patch`, and `create`
 * where there is none. Secrets are read by name; whoever could list them would read all.
 */
export function functionRights(): Rights {
  return {
    cluster: [right('', 'nodes', ['get', 'list', 'patch'])],
    namespaced: [
      right(kmm, 'modules', ['get', 'list', 'patch']),
      right(kmm, 'modules/status', ['patch']),
      right('apps', 'daemonsets', ['list', 'create', 'patch', 'delete']),
      right('', 'pods', ['list']),
      right('', 'secrets', ['get']),
      right('', 'namespaces', ['get']),
      right('', 'events', ['create']),
    ],
  };
}

/** What a server needs besides, that watches by itself. */
export function watchRights(): Rights {
  return {
    cluster: [right('', 'nodes', ['watch'])],
    namespaced: [
      right(kmm, 'modules', ['watch']),
      right('apps', 'daemonsets', ['watch']),
      right('', 'pods', ['watch']),
      right('batch', 'jobs', ['list', 'watch']),
      right('', 'configmaps', ['list', 'watch']),
    ],
  };
}

/** What Knative's ApiServerSource reads. */
export function sourceRights(): Rights {
  const verbs = ['get', 'list', 'watch'];
  return {
    cluster: [right('', 'nodes', verbs)],
    namespaced: [
      right(kmm, 'modules', verbs),
      right('apps', 'daemonsets', verbs),
      right('', 'pods', verbs),
      right('batch', 'jobs', verbs),
      right('', 'configmaps', verbs),
    ],
  };
}

/** Both, each resource once. */
export function join(a: readonly PolicyRule[], b: readonly PolicyRule[]): PolicyRule[] {
  const more = (rule: PolicyRule) => b.find((other) => isSameResource(rule, other))?.verbs ?? [];
  return [
    ...a.map((rule) => ({ ...rule, verbs: [...rule.verbs, ...more(rule)] })),
    ...b.filter((rule) => !a.some((other) => isSameResource(rule, other))),
  ];
}

function right(group: string, resource: string, verbs: string[]): PolicyRule {
  return { apiGroups: [group], resources: [resource], verbs };
}

function isSameResource(a: PolicyRule, b: PolicyRule): boolean {
  return a.apiGroups[0] === b.apiGroups[0] && a.resources[0] === b.resources[0];
}

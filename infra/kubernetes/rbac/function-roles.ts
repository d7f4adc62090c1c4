import type { Manifest } from '../../../shared/kubernetes/objects.ts';
import { type Installation, serverName, serviceAccount } from '../installation.ts';
import { functionRights, join, type Rights, sourceRights, watchRights } from './rights.ts';
import { renderRoles, type Subject } from './roles.ts';

/** Who reads for Knative's ApiServerSource. */
export const sourceAccount = 'event-source';

/** The rights of the functions' account, and of the event source's where there is one. */
export function renderFunctionRoles(installation: Installation): Manifest[] {
  const { namespace, namespaces, events, user } = installation;
  const subject: Subject =
    user === undefined
      ? { kind: 'ServiceAccount', namespace, name: serviceAccount }
      : { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: user };
  const rights = events.kind === 'watch' ? both(functionRights(), watchRights()) : functionRights();
  const own = renderRoles({ name: serverName, subject, rights, namespaces });
  if (events.kind !== 'broker') return own;
  const reader: Subject = { kind: 'ServiceAccount', namespace, name: sourceAccount };
  return [
    ...own,
    ...renderRoles({ name: `${serverName}-events`, subject: reader, rights: sourceRights(), namespaces }),
  ];
}

function both(a: Rights, b: Rights): Rights {
  return { cluster: join(a.cluster, b.cluster), namespaced: join(a.namespaced, b.namespaced) };
}

import { longestNames } from '../../../shared/kmm/rules/identity.ts';
import type { Manifest } from '../../../shared/kubernetes/objects.ts';
import { validatingPolicy } from './admission-policy.ts';

const length = 'object.metadata.name.size() + object.metadata.namespace.size()';

/**
 * Lint's rule `name-length`, which a CRD can't say: its CEL never sees the namespace. Only at CREATE, so that a Module that is
 * older than the policy can still be changed.
 */
export function renderModulePolicy(): Manifest[] {
  return validatingPolicy({
    name: 'kmm-module',
    rules: [
      {
        apiGroups: ['kmm.sigs.x-k8s.io'],
        apiVersions: ['*'],
        operations: ['CREATE'],
        resources: ['modules'],
        scope: 'Namespaced',
      },
    ],
    validations: [
      {
        expression: `${length} <= ${longestNames}`,
        messageExpression: [
          `'name and namespace have ' + string(${length})`,
          `' characters together, ${longestNames} at most fit into the keys of node labels: shorten one by '`,
          `string(${length} - ${longestNames})`,
        ].join(' + '),
        reason: 'Invalid',
      },
    ],
  });
}

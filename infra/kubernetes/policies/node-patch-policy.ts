import { betaPrefix, prefix } from '../../../shared/kmm/labels.ts';
import type { Manifest } from '../../../shared/kubernetes/objects.ts';
import { celString } from '../crd/cel-rule.ts';
import { type Validation, validatingPolicy } from './admission-policy.ts';

const notUpdate = "request.operation != 'UPDATE'";
const own = `k.startsWith(${celString(prefix)}) || k.startsWith(${celString(betaPrefix)})`;

/**
 * RBAC knows verbs, not fields: this lets our account change nothing of a Node but labels and annotations under our prefixes.
 * It looks at nobody else, so that `Fail` can stop nobody else. It sees the object after mutation: a stranger's webhook that
 * stamps every Node has our patches refused, and the message says by which key.
 */
export function renderNodePatchPolicy(user: string): Manifest[] {
  return validatingPolicy({
    name: 'kmm-node-patch',
    rules: [
      { apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['nodes', 'nodes/*'], scope: 'Cluster' },
    ],
    matchConditions: [{ name: 'our-account', expression: `request.userInfo.username == ${celString(user)}` }],
    validations: [
      {
        expression: "request.operation == 'UPDATE' && request.?subResource.orValue('') == ''",
        message: 'kmm-functions may only patch Nodes, not create or delete them or report their status',
      },
      {
        expression: `${notUpdate} || object.spec == oldObject.spec`,
        message: 'kmm-functions may not change the spec of a Node (taints, unschedulable)',
      },
      {
        expression: `${notUpdate} || (${same('finalizers')} && ${same('ownerReferences')})`,
        message: 'kmm-functions may not change finalizers or owners of a Node',
      },
      onlyOwn('labels'),
      onlyOwn('annotations'),
    ],
  });
}

function same(field: string): string {
  return `object.metadata.?${field} == oldObject.metadata.?${field}`;
}

/** Compared both ways, so that a key that went counts as one that came. */
function onlyOwn(field: 'labels' | 'annotations'): Validation {
  const [pairs, entries] = ['[[object, oldObject], [oldObject, object]]', `p[0].metadata.?${field}.orValue({})`];
  const isFine = `p[0].metadata.?${field}[?k] == p[1].metadata.?${field}[?k] || ${own}`;
  return {
    expression: `${notUpdate} || ${pairs}.all(p, ${entries}.all(k, ${isFine}))`,
    message: `kmm-functions may change only ${field} under ${prefix} and ${betaPrefix}`,
    messageExpression: `'kmm-functions may change only ${field} under ${prefix} and ${betaPrefix}, not ' + ${pairs}.map(p, ${entries}.filter(k, !(${isFine})).join(' ')).join(' ')`,
  };
}

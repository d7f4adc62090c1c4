import { labels } from '../../../shared/kmm/labels.ts';
import type { Manifest } from '../../../shared/kubernetes/objects.ts';
import { celString } from '../crd/cel-rule.ts';

const key = celString(labels.kernelVersion);
const kernel = 'object.status.nodeInfo.kernelVersion';

/**
 * The rule of `kernelLabelValue` in CEL: runs of characters that a label may hold joined by `_`, 63 characters, a letter or
 * digit at both ends; "" when nothing is left.
 */
export const kernelLabelExpression = [
  `[${kernel}.findAll('[A-Za-z0-9_.-]+').join('_')]`,
  '.map(joined, joined.size() > 63 ? joined.substring(0, 63) : joined)[0]',
  ".find('[A-Za-z0-9](.*[A-Za-z0-9])?')",
].join('');

/**
 * Labels each node with its kernel in the very write that reports it, without any function: Kubernetes 1.36 and later. The
 * first condition ends heartbeats, which change neither kernel nor label. The key lies under `node.kubernetes.io`, which a kubelet
 * may set on itself: NodeRestriction, which runs again after a mutation, would refuse any other.
 */
export function renderKernelLabelPolicy(): Manifest[] {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const name = 'kmm-kernel-label';
  return [
    {
      apiVersion,
      kind: 'MutatingAdmissionPolicy',
      metadata: { name },
      spec: {
        // A node must join and report whatever becomes of our label; the functions and the sweep set it then.
        failurePolicy: 'Ignore',
        reinvocationPolicy: 'Never',
        matchConstraints: {
          resourceRules: [
            {
              apiGroups: [''],
              apiVersions: ['v1'],
              operations: ['CREATE', 'UPDATE'],
              resources: ['nodes'],
              scope: 'Cluster',
            },
            {
              apiGroups: [''],
              apiVersions: ['v1'],
              operations: ['UPDATE'],
              resources: ['nodes/status'],
              scope: 'Cluster',
            },
          ],
        },
        matchConditions: [
          {
            name: 'kernel-or-label-moved',
            expression: [
              'oldObject == null',
              `${kernel} != oldObject.status.nodeInfo.kernelVersion`,
              `object.metadata.?labels[?${key}] != oldObject.metadata.?labels[?${key}]`,
              `!(${key} in object.metadata.?labels.orValue({}))`,
            ].join(' || '),
          },
          { name: 'something-to-write', expression: `${kernelLabelExpression} != ''` },
        ],
        variables: [
          { name: 'key', expression: key },
          { name: 'label', expression: kernelLabelExpression },
        ],
        mutations: [
          {
            patchType: 'ApplyConfiguration',
            applyConfiguration: {
              expression: 'Object{metadata: Object.metadata{labels: {variables.key: variables.label}}}',
            },
          },
        ],
      },
    },
    {
      apiVersion,
      kind: 'MutatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name },
    },
  ];
}

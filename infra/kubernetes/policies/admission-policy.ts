import type { Manifest } from '../../../shared/kubernetes/objects.ts';

export interface ResourceRule {
  apiGroups: string[];
  apiVersions: string[];
  operations: string[];
  resources: string[];
  scope: 'Cluster' | 'Namespaced';
}

export interface Validation {
  expression: string;
  message?: string;
  messageExpression?: string;
  reason?: 'Invalid' | 'Forbidden';
}

/** A ValidatingAdmissionPolicy that refuses, and the binding without which it does nothing. GA since Kubernetes 1.30. */
export function validatingPolicy(of: {
  name: string;
  rules: ResourceRule[];
  matchConditions?: { name: string; expression: string }[];
  validations: Validation[];
}): Manifest[] {
  const { name, rules, matchConditions, validations } = of;
  const apiVersion = 'admissionregistration.k8s.io/v1';
  return [
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: { resourceRules: rules },
        ...(matchConditions && { matchConditions }),
        validations,
      },
    },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name, validationActions: ['Deny'] },
    },
  ];
}

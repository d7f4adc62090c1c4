const policies = ['Always', 'Never', 'IfNotPresent'];

/** Unset counts as a policy: Kubernetes then goes by the tag. */
export function isPullPolicy(policy: string | undefined): boolean {
  return !policy || policies.includes(policy);
}

export function pullPolicyReason(policy: string | undefined): string {
  return `"${policy}" is no pull policy: write one of ${policies.join(', ')}, or leave it out`;
}

/**
 * The kernel as a label value: each run of characters that a label may not hold becomes one `_`, a trailing `+` just goes,
 * 63 characters, a letter or digit at both ends. The CEL policy of infra/kubernetes is the same rule; "" when nothing is left.
 */
export function kernelLabelValue(kernelVersion: string): string {
  const joined = (kernelVersion.match(/[A-Za-z0-9_.-]+/g) ?? []).join('_').slice(0, 63);
  return joined.match(/[A-Za-z0-9](?:.*[A-Za-z0-9])?/)?.[0] ?? '';
}

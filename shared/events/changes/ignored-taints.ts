/** Taints that come and go with a node's start, drain or death. `x/*` is a prefix, a leading `*` a suffix. */
export const defaultIgnoredTaints: readonly string[] = [
  'node.kubernetes.io/*',
  'node.cloudprovider.kubernetes.io/*',
  'karpenter.sh/*',
  '*/agent-not-ready',
];

export function isIgnoredTaint(key: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matches(key, pattern));
}

function matches(key: string, pattern: string): boolean {
  if (pattern.endsWith('*')) return key.startsWith(pattern.slice(0, -1));
  if (pattern.startsWith('*')) return key.endsWith(pattern.slice(1));
  return key === pattern;
}

/**
 * Taints that come and go with a node's start, drain or death. One that ends in `/` stands for all keys with that prefix, one
 * that starts with `/` for all with that end.
 */
export const defaultIgnoredTaints: readonly string[] = [
  'node.kubernetes.io/',
  'node.cloudprovider.kubernetes.io/',
  'karpenter.sh/',
  '/agent-not-ready',
];

export function isIgnoredTaint(key: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matches(pattern, key));
}

function matches(pattern: string, key: string): boolean {
  if (pattern.endsWith('/')) return key.startsWith(pattern);
  return pattern.startsWith('/') ? key.endsWith(pattern) : key === pattern;
}

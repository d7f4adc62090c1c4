/**
 * What ambient credentials of the installation (a cloud role's ECR and KMS rights) may serve, by default nothing: a Module
 * author must never get more than the namespace's own Secrets give. Globs: `*` is any run of characters.
 */
export interface Grant {
  namespaces: string[];
  /** Repository globs with their registry host, as `123456789012.dkr.ecr.eu-west-1.amazonaws.com/team-a/*`. */
  pull: string[];
  push: string[];
  kmsKeys: string[];
}

export function isGranted(
  grants: readonly Grant[],
  right: 'pull' | 'push' | 'kmsKeys',
  namespace: string,
  resource: string,
): boolean {
  return grants.some((grant) => matchesAny(grant.namespaces, namespace) && matchesAny(grant[right], resource));
}

function matchesAny(globs: readonly string[], text: string): boolean {
  return globs.some((glob) => matchesGlob(glob, text));
}

/** Linear in the text: the parts between the stars must occur in order, the first and last at the ends. */
export function matchesGlob(glob: string, text: string): boolean {
  const parts = glob.split('*');
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return glob === text;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const at = text.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return from <= text.length - last.length;
}

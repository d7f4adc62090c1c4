/** Owner (or project) and name of a repository `owner/name`; whoever needs an owner has an empty one without. */
export function splitRepository(repository: string): { owner: string; name: string } {
  const slash = repository.indexOf('/');
  return { owner: repository.slice(0, Math.max(0, slash)), name: repository.slice(slash + 1) };
}

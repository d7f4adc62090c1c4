/** Where a registry's API answers: for Docker Hub another host than the one in its references. */
export function apiHost(registry: string): string {
  return registry === 'docker.io' ? 'registry-1.docker.io' : registry;
}

import type { Credential } from './credentials.ts';
import type { DockerConfig } from './docker-config.ts';
import type { OciReference } from './reference.ts';

const dockerHub = new Set(['index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com']);

/**
 * The credentials of a configuration that apply to an image, the most specific first: longest path, then a literal host
 * before a wildcard. Keys are read as Docker and the kubelet do: with or without scheme, `/v1/` or `/v2/`, a path prefix,
 * `*` within a label of the host; a path ends at a component, so `host/team` never serves `host/team-b`.
 * https://kubernetes.io/docs/concepts/containers/images/#config-json
 */
export function findCredentials(config: DockerConfig, reference: OciReference): Credential[] {
  return config.entries
    .map(({ host, credential }) => ({ scope: parseScope(host), credential }))
    .filter(({ scope }) => applies(scope, reference))
    .sort((a, b) => specificity(b.scope) - specificity(a.scope))
    .map(({ credential }) => credential);
}

interface Scope {
  host: string;
  path: string;
}

function parseScope(key: string): Scope {
  const [, host = '', path = ''] = /^(?:https?:\/\/)?([^/]*)(\/.*)?$/i.exec(key) ?? [];
  const legacy = path.replace(/^\/v[12](?:\/|$)/, '');
  return { host: normaliseHost(host), path: legacy.replace(/^\/+|\/+$/g, '') };
}

function normaliseHost(host: string): string {
  const name = host.toLowerCase().replace(/:443$/, '');
  return dockerHub.has(name) ? 'docker.io' : name;
}

function applies({ host, path }: Scope, { registry, repository }: OciReference): boolean {
  return matchesHost(host, normaliseHost(registry)) && (path === '' || `${repository}/`.startsWith(`${path}/`));
}

/** Ports must be equal; labels one by one, so that a `*` never spans a dot. */
function matchesHost(pattern: string, host: string): boolean {
  if (!pattern.includes('*')) return pattern === host;
  const [wanted, labels] = [pattern.split('.'), host.split('.')];
  return wanted.length === labels.length && wanted.every((part, index) => matchesLabel(part, labels[index] ?? ''));
}

/** Without a regexp: a pattern of many stars must not cost more than a walk. */
function matchesLabel(pattern: string, label: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return first === label;
  if (!label.startsWith(first)) return false;
  let position = first.length;
  for (const part of rest) {
    const found = label.indexOf(part, position);
    if (found < 0) return false;
    position = found + part.length;
  }
  return label.length - last.length >= position && label.endsWith(last);
}

function specificity({ host, path }: Scope): number {
  return path.length * 2 + (host.includes('*') ? 0 : 1);
}

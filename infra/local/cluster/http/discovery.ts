import { isKind, type Kind, resources } from '../../../../shared/kubernetes/resources.ts';
import { hasStatus } from '../store/object.ts';

const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
const shortNames: Partial<Record<Kind, string[]>> = {
  Node: ['no'],
  Pod: ['po'],
  ConfigMap: ['cm'],
  Namespace: ['ns'],
  Event: ['ev'],
  DaemonSet: ['ds'],
};
const kinds = Object.keys(resources).filter(isKind);
const groupVersions = [...new Set(kinds.map((kind): string => resources[kind].apiVersion))];

/** The documents that tell clients what is served; enough for `kubectl get`. */
export function discovery(path: string): object | undefined {
  if (path === '/version') return { major: '1', minor: '36', gitVersion: 'v1.36.0-local', platform: 'linux/amd64' };
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/apis')
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupVersions.filter(isGrouped).map(group) };
  const apiVersion = /^\/(?:api|apis)\/(.+)$/.exec(path)?.[1];
  return apiVersion !== undefined && groupVersions.includes(apiVersion) ? resourceList(apiVersion) : undefined;
}

function isGrouped(apiVersion: string): boolean {
  return apiVersion.includes('/');
}

function group(groupVersion: string): object {
  const [name, version] = groupVersion.split('/');
  const only = { groupVersion, version };
  return { name, versions: [only], preferredVersion: only };
}

function resourceList(apiVersion: string): object {
  const served = kinds.filter((kind) => resources[kind].apiVersion === apiVersion);
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersion, resources: served.flatMap(entriesOf) };
}

function entriesOf(kind: Kind): object[] {
  const { plural, namespaced } = resources[kind];
  const main = {
    name: plural,
    singularName: kind.toLowerCase(),
    namespaced,
    kind,
    verbs,
    shortNames: shortNames[kind],
  };
  const status = { name: `${plural}/status`, singularName: '', namespaced, kind, verbs: ['get', 'patch', 'update'] };
  return hasStatus(kind) ? [main, status] : [main];
}

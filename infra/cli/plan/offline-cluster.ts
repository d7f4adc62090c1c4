import type { Cluster } from '../../../shared/ports/cluster.ts';

const emptyPullSecret = Buffer.from('{"auths":{}}').toString('base64');

/**
 * A cluster of which nothing is known: no object is there, and a pull secret holds no credential, so that registries are
 * asked anonymously. Planning writes nothing, so a write is a bug.
 */
export const offlineCluster: Cluster = {
  get: async (kind, key) => {
    if (kind !== 'Secret') return undefined;
    const { readObject } = await import('../../../shared/kubernetes/read-object.ts');
    return readObject(kind, { metadata: key, data: { '.dockerconfigjson': emptyPullSecret } });
  },
  async *pages() {},
  list: async () => [],
  create: refuse,
  apply: refuse,
  patch: refuse,
  delete: refuse,
};

function refuse(): never {
  throw new Error('planning must not write');
}

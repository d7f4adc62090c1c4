import type { ModuleLoaderData } from '../../../shared/kmm/module-loader-data.ts';
import type { JobBuilder } from '../../../shared/ports/builder.ts';
import type { Cluster } from '../../../shared/ports/cluster.ts';
import type { Signer } from '../../../shared/ports/signer.ts';

/**
 * Builder and signer of an installation that has both, as far as their inputs can be looked at here: whether the Dockerfile's
 * ConfigMap and the key's Secrets are there. Nothing has been built yet, and nothing is. Without a cluster inputs count as there.
 */
export function assumedMakers(cluster: Pick<Cluster, 'get'> | undefined): { builder: JobBuilder; signer: Signer } {
  return {
    builder: {
      kind: 'job',
      async findBuilds({ data }) {
        const problem = cluster && (await dockerfileProblem(data, cluster));
        if (problem !== undefined) return { kind: 'unbuildable', message: problem };
        return { kind: 'known', identity: 'preflight', jobs: [], startedLastHour: 0 };
      },
      startBuild: async () => {
        throw new Error('a preflight must not build');
      },
    },
    signer: {
      async findKey(data) {
        const problem = cluster && (await keyProblem(data, cluster));
        return problem === undefined
          ? { kind: 'found', fingerprint: 'preflight' }
          : { kind: 'unusable', message: problem };
      },
    },
  };
}

async function dockerfileProblem(
  { namespace, build }: ModuleLoaderData,
  cluster: Pick<Cluster, 'get'>,
): Promise<string | undefined> {
  const name = build?.dockerfileConfigMap ?? '';
  const configMap = await cluster.get('ConfigMap', { namespace, name });
  if (configMap === undefined) return `the ConfigMap ${namespace}/${name} of the Dockerfile does not exist`;
  return configMap.data?.['dockerfile'] === undefined
    ? `the ConfigMap ${namespace}/${name} has no key "dockerfile"`
    : undefined;
}

/** KMM's keys in the Secrets: `key` and `cert`. Only whether they are there; a value is never looked at. */
async function keyProblem(
  { namespace, sign }: ModuleLoaderData,
  cluster: Pick<Cluster, 'get'>,
): Promise<string | undefined> {
  const wanted = [
    [sign?.keySecret ?? '', 'key'],
    [sign?.certSecret ?? '', 'cert'],
  ] as const;
  for (const [name, key] of wanted) {
    const secret = await cluster.get('Secret', { namespace, name });
    if (secret === undefined) return `the Secret ${namespace}/${name} does not exist`;
    if (secret.data?.[key] === undefined) return `the Secret ${namespace}/${name} has no key "${key}"`;
  }
  return undefined;
}

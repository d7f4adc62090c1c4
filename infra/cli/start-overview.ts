import { type KernelEntry, parseModuleStatus, type State } from '../../shared/kmm/status.ts';
import type { Cluster } from '../../shared/ports/cluster.ts';
import { toTable } from './output/table.ts';

/** States in which nobody waits for anything. */
const settled: readonly State[] = ['Ready', 'NoMapping'];

export interface Overview {
  lines: string[];
  /** Targets whose image would have to be built, and their images. */
  unbuilt: { key: string; image: string }[];
  problems: string[];
}

/** All targets of all Modules as the API shows them, and which of them are not where Modules want to be. */
export async function overview(cluster: Cluster): Promise<Overview> {
  const modules = await cluster.list('Module');
  const targets = modules.flatMap(({ metadata, status }) =>
    Object.entries(parseModuleStatus(status).kernels).flatMap(([key, entry]) =>
      entry === undefined ? [] : [{ module: `${metadata.namespace}/${metadata.name}`, key, entry }],
    ),
  );
  const rows = targets.map(({ module, key, entry }) => [module, key, entry.state, entry.reason ?? '', nodesOf(entry)]);
  const table = toTable(['MODULE', 'TARGET', 'STATE', 'REASON', 'NODES'], rows).trimEnd();
  const open = targets.filter(({ entry }) => !settled.includes(entry.state));
  return {
    lines: rows.length === 0 ? ['No Module has a target yet.'] : table.split('\n'),
    unbuilt: targets
      .filter(({ entry }) => entry.reason === 'NoBuilder')
      .map(({ key, entry }) => ({ key, image: entry.image ?? '' })),
    problems: open.map(({ module, key, entry }) => `${module} ${key} is ${entry.state}: ${entry.message ?? ''}`),
  };
}

function nodesOf({ rollout }: KernelEntry): string {
  return rollout === undefined ? '' : `${rollout.available} of ${rollout.desired}`;
}

import { InvalidInput } from '../../../shared/kmm/errors.ts';
import { lintModule } from '../../../shared/kmm/lint-module.ts';
import { moduleName } from '../../../shared/kmm/module-name.ts';
import { ModuleObject } from '../../../shared/kubernetes/objects.ts';
import type { Cluster } from '../../../shared/ports/cluster.ts';
import { type KnownModule, toKnownModule } from '../../../shared/reconcile/known-module.ts';
import type { FoundModule } from '../input/load-modules.ts';

/** The Modules of some files, in their order. Throws InvalidInput for one without readable metadata. */
export async function readKnownModules(
  files: readonly FoundModule[],
  cluster: Pick<Cluster, 'get'>,
): Promise<KnownModule[]> {
  const known: KnownModule[] = [];
  for (const file of files) {
    const module = await readKnownModule(file, cluster);
    if (module === undefined) throw unreadable(file);
    known.push(module);
  }
  return known;
}

/**
 * A Module from a file as if it had been applied: with the uid, generation and status of the one in the cluster, when there
 * is one. Undefined when it has no readable metadata: then only lint has something to say.
 */
async function readKnownModule({ raw }: FoundModule, cluster: Pick<Cluster, 'get'>): Promise<KnownModule | undefined> {
  const parsed = ModuleObject.safeParse(raw);
  if (!parsed.success) return undefined;
  const { metadata } = parsed.data;
  const namespace = metadata.namespace ?? 'default';
  const live = await cluster.get('Module', { namespace, name: metadata.name });
  const { uid, generation, resourceVersion } = live?.metadata ?? metadata;
  return toKnownModule({
    ...parsed.data,
    metadata: { ...metadata, namespace, uid, generation, resourceVersion },
    status: live?.status,
  });
}

function unreadable({ raw, where }: FoundModule): InvalidInput {
  const { namespace, name } = moduleName(raw);
  const finding = lintModule(raw)[0];
  return new InvalidInput(
    `${where}: ${namespace}/${name}: ${finding?.path ?? ''}: ${finding?.message ?? 'not a Module'}`,
  );
}

import type { MigrationKind } from './kinds.ts';
import { jobType, namespaceLabel, notOurs, pullPodType, workerAction } from './kmm-marks.ts';
import type { MigrationApi } from './migration-api.ts';
import { type Objects, readObjects, type Snapshot } from './snapshot.ts';

/** Reads what KMM may have left, by its labels where a kind has them. */
export async function readSnapshot(api: Pick<MigrationApi, 'list'>): Promise<Snapshot> {
  const all = async <K extends MigrationKind>(kind: K, ...selectors: string[]): Promise<Objects[K][]> => {
    const wanted = selectors.length === 0 ? [undefined] : selectors;
    const lists = await Promise.all(wanted.map((selector) => api.list(kind, selector)));
    return distinct(readObjects(kind, lists.flat()));
  };
  const [deployments, daemonSets, revisions, pods, jobs, nodes, namespaces] = await Promise.all([
    all('Deployment'),
    all('DaemonSet', notOurs),
    all('ControllerRevision', notOurs),
    all('Pod', notOurs, workerAction, pullPodType),
    all('Job', jobType),
    all('Node'),
    all('Namespace', namespaceLabel),
  ]);
  const [modules, images, builds, nodeConfigs, validating, mutating] = await Promise.all([
    all('Module'),
    all('ModuleImagesConfig'),
    all('ModuleBuildSignConfig'),
    all('NodeModulesConfig'),
    all('ValidatingWebhookConfiguration'),
    all('MutatingWebhookConfiguration'),
  ]);
  return {
    Deployment: deployments,
    DaemonSet: daemonSets,
    ControllerRevision: revisions,
    Pod: pods,
    Job: jobs,
    Node: nodes,
    Namespace: namespaces,
    Module: modules,
    ModuleImagesConfig: images,
    ModuleBuildSignConfig: builds,
    NodeModulesConfig: nodeConfigs,
    ValidatingWebhookConfiguration: validating,
    MutatingWebhookConfiguration: mutating,
  };
}

/** A pod may be found by more than one of its labels. */
function distinct<T extends { metadata: { uid: string } }>(objects: readonly T[]): T[] {
  return [...new Map(objects.map((object) => [object.metadata.uid, object])).values()];
}

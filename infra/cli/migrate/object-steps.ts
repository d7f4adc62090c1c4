import { dropFinalizers } from './drop-finalizers.ts';
import { isKmms, isKmmWebhook, namespaceLabel, roleOf } from './kmm-marks.ts';
import type { Marked, Snapshot } from './snapshot.ts';
import { type Change, deletion, type Step, toRef, toStep } from './step.ts';

type Rule = (snapshot: Snapshot) => Step[];

/** Everything but pods and nodes; `webhooks` come before all else. */
export const objectSteps: { webhooks: Rule[]; others: Rule[] } = {
  webhooks: [webhooks],
  others: [loaderDaemonSets, pluginDaemonSets, jobs, moduleFinalizers, helperObjects, namespaceLabels, revisions],
};

function webhooks(snapshot: Snapshot): Step[] {
  const why = 'its server is gone, and it would refuse every write of a Module and every deletion of a namespace';
  return (['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'] as const).flatMap((kind) =>
    snapshot[kind].filter(isKmmWebhook).flatMap((object) => deletion(kind, object, why)),
  );
}

/**
 * A loader DaemonSet of KMM 1.x. Deleted with its pods, or changed in its template, it would unload: every end of a pod runs
 * `modprobe -r`. Left alone it would load beside ours on each new node. So it goes without its pods.
 */
function loaderDaemonSets({ DaemonSet }: Snapshot): Step[] {
  const why = 'makes no pods any more; those that run stay, and so does what they loaded';
  return DaemonSet.filter((one) => isKmms(one) && roleOf(one) === 'loader' && !isGoing(one)).map((one) =>
    toStep('DaemonSet', one, { action: 'orphan' }, why),
  );
}

function pluginDaemonSets({ DaemonSet }: Snapshot): Step[] {
  const why = 'the functions run their own device plugin; two would register the same resource';
  return DaemonSet.filter((one) => isKmms(one) && roleOf(one) === 'device-plugin').flatMap((one) =>
    deletion('DaemonSet', one, why),
  );
}

function jobs({ Job }: Snapshot): Step[] {
  return Job.flatMap((job) => deletion('Job', job, 'a build or signing of KMM 1.x that nobody follows any more'));
}

function moduleFinalizers({ Module }: Snapshot): Step[] {
  return dropFinalizers('Module', Module, 'deleting the Module would wait for KMM for ever');
}

/** KMM 2.x's notes to itself. The functions read no word of them. */
function helperObjects(snapshot: Snapshot): Step[] {
  const kinds = ['NodeModulesConfig', 'ModuleImagesConfig', 'ModuleBuildSignConfig'] as const;
  return kinds.flatMap((kind) =>
    snapshot[kind].flatMap((object) => [
      ...dropFinalizers(kind, [object], 'its deletion would wait for KMM for ever'),
      ...deletion(kind, object, 'a helper object of KMM 2.x; deleting it unloads nothing'),
    ]),
  );
}

function namespaceLabels({ Namespace }: Snapshot): Step[] {
  const change: Change = { action: 'remove-labels', labels: [namespaceLabel] };
  const why = "only KMM's webhook reads it";
  return Namespace.filter(({ metadata }) => metadata.labels[namespaceLabel] !== undefined).map((one) =>
    toStep('Namespace', one, change, why),
  );
}

/** What an orphaned DaemonSet leaves behind beside its pods; while it is there it would write them anew. */
function revisions({ ControllerRevision, DaemonSet }: Snapshot): Step[] {
  const why = 'its DaemonSet is gone';
  const loaders = DaemonSet.filter((one) => isKmms(one) && roleOf(one) === 'loader');
  return ControllerRevision.filter((one) => isKmms(one) && roleOf(one) === 'loader' && !isGoing(one)).flatMap((one) => {
    const owners = one.metadata.ownerReferences.map(({ uid }) => uid);
    const after = loaders
      .filter(({ metadata }) => owners.includes(metadata.uid))
      .map((owner) => toRef('DaemonSet', owner));
    return after.length < owners.length ? [] : [toStep('ControllerRevision', one, { action: 'delete' }, why, after)];
  });
}

function isGoing({ metadata }: Marked): boolean {
  return metadata.deletionTimestamp !== undefined;
}

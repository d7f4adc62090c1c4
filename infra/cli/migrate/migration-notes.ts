import { endLoaderCommand } from './keep-loaded.ts';
import { isDaemonPod, isKmms, isWorker, kmmFinalizers, roleOf } from './kmm-marks.ts';
import { heldLabels } from './node-label-steps.ts';
import { isUnloader } from './pod-steps.ts';
import type { Objects, Snapshot } from './snapshot.ts';

/** What the steps do not do and a person should know, one paragraph each. */
export function migrationNotes(snapshot: Snapshot): string[] {
  return [
    ...goingLoaders(snapshot),
    ...oldLoaders(snapshot),
    ...runningUnloads(snapshot),
    ...deletedModules(snapshot),
    ...draDrivers(snapshot),
    ...(snapshot.Module.length === 0 ? [] : [crdNote]),
  ];
}

const crdNote =
  'Keep the CRD modules.kmm.sigs.x-k8s.io: whoever deletes it, as "kubectl delete -k" on KMM\'s manifests does, deletes all Modules. ' +
  'KMM\'s other CRDs can go: "kubectl delete crd nodemodulesconfigs.kmm.sigs.x-k8s.io moduleimagesconfigs.kmm.sigs.x-k8s.io modulebuildsignconfigs.kmm.sigs.x-k8s.io --ignore-not-found".';

/** The pods of KMM 1.x: the one thing that can't be taken over without somebody's hand. */
function oldLoaders({ Pod }: Snapshot): string[] {
  const pods = Pod.filter((pod) => isDaemonPod(pod) && roleOf(pod) === 'loader');
  const [first] = pods;
  if (first === undefined) return [];
  const where = pods
    .slice(0, 10)
    .map(({ metadata, spec }) => `${metadata.namespace ?? ''}/${metadata.name} on ${spec.nodeName}`);
  const more = pods.length > where.length ? `, and ${pods.length - where.length} more` : '';
  const { namespace = '', name } = first.metadata;
  return [
    `${pods.length} loader pod${pods.length === 1 ? '' : 's'} of KMM 1.x stay${pods.length === 1 ? 's' : ''} with the module loaded (${where.join(', ')}${more}). ` +
      'Ours comes beside it: the module is adopted when it is the very one of the image, else it is loaded anew. ' +
      'Do not delete such a pod as it is, nor with --force: its preStop runs "modprobe -r", under our loader too. It comes back with a reboot. ' +
      'Either end it with its node, drained ("kubectl drain --force": nothing owns the pod any more) and then rebooted; or keep the module and end the pod:\n' +
      `  ${endLoaderCommand({ namespace, name })}`,
  ];
}

/** Somebody deleted one before us, with its pods: too late to keep them. */
function goingLoaders({ DaemonSet }: Snapshot): string[] {
  return DaemonSet.filter(
    (one) =>
      isKmms(one) &&
      roleOf(one) === 'loader' &&
      one.metadata.deletionTimestamp !== undefined &&
      !one.metadata.finalizers.includes('orphan'),
  ).map(
    ({ metadata }) =>
      `DaemonSet ${metadata.namespace ?? ''}/${metadata.name} was being deleted before: its pods unload as they go.`,
  );
}

function runningUnloads({ Pod }: Snapshot): string[] {
  return Pod.filter((pod) => isWorker(pod) && isUnloader(pod) && pod.status.phase === 'Running').map(
    ({ metadata, spec }) =>
      `An unload of KMM 2.x was under way on node ${spec.nodeName} (pod ${metadata.namespace ?? ''}/${metadata.name}): whether it got there can't be known.`,
  );
}

function deletedModules({ Module }: Snapshot): string[] {
  return Module.filter((one) => one.metadata.deletionTimestamp !== undefined && kmmFinalizers(one).length > 0).map(
    ({ metadata }) =>
      `Module ${metadata.namespace ?? ''}/${metadata.name} is being deleted and waits for KMM to unload it: it goes now, and its kernel module stays loaded until each node reboots.`,
  );
}

function draDrivers(snapshot: Snapshot): string[] {
  const drivers = snapshot.DaemonSet.filter((one: Objects['DaemonSet']) => isKmms(one) && roleOf(one) === 'dra');
  if (drivers.length === 0) return [];
  const names = drivers.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`).join(', ');
  const labels = heldLabels(snapshot) ? ', and so do the node labels that it runs by' : '';
  return [
    `The DRA driver ${names} stays${labels}: pods may hold devices of it, and the functions make none yet. Its pods get KMM's finalizer anew; run "kmm migrate" again to let go of one that can't end.`,
  ];
}

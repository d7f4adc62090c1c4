import type { Json } from '../../../../shared/kubernetes/merge-patch.ts';
import type { StoreEvent } from '../store/history.ts';
import { keyOf, keyString, type StoredObject, toJson } from '../store/object.ts';
import type { ControlledSet, PodSpec } from '../store/readable.ts';
import type { ClusterStore } from '../store/store.ts';
import { newPod } from './new-pod.ts';
import { type Fit, nodeFit } from './node-fit.ts';
import { planDaemonSet } from './plan-daemon-set.ts';
import { templateHash } from './template-hash.ts';
import { daemonSetView, nodeView, podView } from './views.ts';
import { createWorkQueue } from './work-queue.ts';

/** How many pods one look at a DaemonSet starts; the rest follow at once, after others have had their turn. */
const burst = 250;

export interface DaemonSetController {
  observe(event: StoreEvent): void;
  syncAll(): void;
  close(): void;
}

/** Keeps the pods and counters of all DaemonSets, one look per DaemonSet for all that happened since the last. */
export function createDaemonSetController(
  store: ClusterStore,
  options: { now: () => Date; failed: (key: string, error: unknown) => void; minReadySpeed: number },
): DaemonSetController {
  const queue = createWorkQueue({ run: sync, settleMs: 5, failed: options.failed });

  function sync(key: string): void {
    const [namespace = '', name = ''] = key.split('/');
    const set = store.get('DaemonSet', { namespace, name });
    if (set === undefined || set.metadata.deletionTimestamp !== undefined) return;
    const view = daemonSetView(set);
    const hash = templateHash(view.spec.template);
    const nodes = store.objects('Node').map(nodeView);
    const pods = store
      .dependents(view.metadata.uid)
      .filter(({ kind }) => kind === 'Pod')
      .map(podView);
    const plan = planDaemonSet(hastened(view, options.minReadySpeed), nodes, pods, hash, options.now());
    for (const node of plan.create.slice(0, burst)) store.create('Pod', namespace, newPod(view, hash, node));
    for (const { metadata } of plan.remove.slice(0, burst)) {
      store.delete('Pod', { namespace, name: metadata.name }, { preconditions: { uid: metadata.uid } });
    }
    const status: Json = toJson({ status: plan.status });
    store.patch('DaemonSet', { namespace, name }, status, { subresource: 'status' });
    if (plan.againInMs !== undefined) queue.add(key, plan.againInMs);
  }

  const enqueue = (set: StoredObject) => queue.add(keyString(keyOf(set)));
  const syncOwner = ({ metadata }: StoredObject) => {
    const owner = metadata.ownerReferences?.find(({ kind }) => kind === 'DaemonSet');
    if (owner) queue.add(`${metadata.namespace}/${owner.name}`);
  };
  const syncAffected = (event: StoreEvent) => {
    for (const set of store.objects('DaemonSet')) {
      const { spec } = daemonSetView(set).spec.template;
      if (fitBefore(spec, event) !== fitNow(spec, event)) enqueue(set);
    }
  };

  return {
    observe(event) {
      if (event.kind === 'Pod') syncOwner(event.object);
      if (event.kind === 'DaemonSet' && event.previous?.metadata.generation !== event.object.metadata.generation)
        enqueue(event.object);
      if (event.kind === 'Node') syncAffected(event);
    },
    syncAll: () => store.objects('DaemonSet').forEach(enqueue),
    close: queue.close,
  };
}

function hastened(set: ControlledSet, speed: number): ControlledSet {
  return { ...set, spec: { ...set.spec, minReadySeconds: set.spec.minReadySeconds / speed } };
}

// Most writes of nodes (heartbeats, ready labels) move no pod. A node that is not there fits nothing.
function fitBefore(spec: PodSpec, { previous, type }: StoreEvent): Fit {
  return previous === undefined || type === 'ADDED' ? 'leave' : nodeFit(spec, nodeView(previous));
}

function fitNow(spec: PodSpec, { object, type }: StoreEvent): Fit {
  return type === 'DELETED' ? 'leave' : nodeFit(spec, nodeView(object));
}

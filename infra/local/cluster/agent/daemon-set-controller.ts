import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../../../shared/kubernetes/merge-patch.ts';
import { matchesLabels } from '../../../../shared/kubernetes/selectors.ts';
import type { StoreEvent } from '../store/history.ts';
import { keyOf, keyString, type StoredObject, toJson } from '../store/object.ts';
import type { ClusterStore } from '../store/store.ts';
import { newPod } from './new-pod.ts';
import { planDaemonSet } from './plan-daemon-set.ts';
import { templateHash } from './template-hash.ts';
import { type Controlled, daemonSetView, nodeView, podView } from './views.ts';
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
  const syncMatching = (nodes: StoredObject[]) => {
    for (const set of store.objects('DaemonSet')) {
      const selector = daemonSetView(set).spec.template.spec.nodeSelector ?? {};
      if (nodes.some((node) => matchesLabels(selector, node.metadata.labels ?? {}))) enqueue(set);
    }
  };

  return {
    observe(event) {
      if (event.kind === 'Pod') syncOwner(event.object);
      if (event.kind === 'DaemonSet' && event.previous?.metadata.generation !== event.object.metadata.generation)
        enqueue(event.object);
      if (event.kind === 'Node' && movesPods(event)) syncMatching([event.object, event.previous ?? event.object]);
    },
    syncAll: () => store.objects('DaemonSet').forEach(enqueue),
    close: queue.close,
  };
}

function hastened(set: Controlled, speed: number): Controlled {
  return { ...set, spec: { ...set.spec, minReadySeconds: set.spec.minReadySeconds / speed } };
}

/** A node that came or went, or whose labels or taints changed: what decides where pods run. */
function movesPods({ type, object, previous }: StoreEvent): boolean {
  if (type !== 'MODIFIED' || previous === undefined) return true;
  const [before, now] = [nodeView(previous), nodeView(object)];
  return !isDeepStrictEqual([before.metadata.labels, before.spec?.taints], [now.metadata.labels, now.spec?.taints]);
}

import type { Node } from '../../../../shared/kubernetes/objects.ts';
import type { StoreEvent } from '../store/history.ts';
import { keyOf, keyString, type StoredObject, toJson } from '../store/object.ts';
import type { RunningPod } from '../store/readable.ts';
import type { ClusterStore } from '../store/store.ts';
import { createImagePuller } from './image-puller.ts';
import { isFinished } from './pod-condition.ts';
import type { OutcomeRule, PodOutcome } from './pod-outcome.ts';
import { endedStatus, runningStatus, silentStatus } from './pod-status.ts';
import { nodeView, podView } from './views.ts';
import { createWorkQueue } from './work-queue.ts';

export interface KubeletOptions {
  now: () => Date;
  imageExists: (image: string) => Promise<boolean>;
  /** First pauses of the two back-offs; both double up to 30 times as long. */
  imageRetryMs: number;
  crashBackOffMs: number;
  /** How long a pod stands ended before it goes. */
  terminationMs: number;
  failed: (key: string, error: unknown) => void;
}

export interface Kubelet {
  observe(event: StoreEvent): void;
  syncAll(): void;
  /** The newest rule that answers decides; returns what takes the rule back. */
  addRule(rule: OutcomeRule): () => void;
  recheckImages(): void;
  close(): void;
}

/** Plays the kubelets of all nodes: starts pods, ends them, follows reboots, and removes pods of nodes that have gone. */
export function createKubelet(store: ClusterStore, options: KubeletOptions): Kubelet {
  const { now, terminationMs, crashBackOffMs } = options;
  const queue = createWorkQueue({ run: sync, settleMs: 1, failed: options.failed });
  const puller = createImagePuller({
    imageExists: options.imageExists,
    retryMs: options.imageRetryMs,
    found: (key) => queue.add(key),
  });
  const restartAt = new Map<string, number>();
  let rules: OutcomeRule[] = [];

  async function sync(key: string): Promise<void> {
    const pod = find(key);
    if (pod?.spec.nodeName === undefined) return;
    const node = store.get('Node', { name: pod.spec.nodeName });
    if (node === undefined) remove(pod);
    else if (pod.metadata.deletionTimestamp !== undefined) end(key, pod);
    else if (isFinished(pod)) return;
    else if (isSilent(nodeView(node))) reportSilence(pod);
    else await run(key, pod, nodeView(node).status?.nodeInfo?.bootID ?? '');
  }

  async function run(key: string, pod: RunningPod, bootID: string): Promise<void> {
    const outcome = outcomeOf(pod);
    const isBackingOff = (restartAt.get(pod.metadata.uid) ?? 0) > performance.now();
    if (outcome.kind === 'crash' && isBackingOff) return;
    const missing = await missingImages(pod);
    const fresh = find(key);
    // It may have been replaced or deleted while the registry was asked: that brought its own cause to look again.
    if (fresh === undefined || !isSameLife(fresh, pod)) return;
    report(fresh, runningStatus(fresh, outcome, { bootID, missing, now: now() }));
    for (const image of missing) puller.await(image, key);
    if (outcome.kind === 'crash') restartLater(key, fresh);
    else restartAt.delete(pod.metadata.uid);
  }

  /** A pod that its kubelet does not vouch for any more; one that never started has nothing to lose. */
  function reportSilence(pod: RunningPod): void {
    if (pod.status?.containerStatuses) report(pod, silentStatus(pod, now()));
  }

  /** First what ended and how, for who looks at the pod then; a moment later it is gone. */
  function end(key: string, pod: RunningPod): void {
    const started = pod.status?.containerStatuses?.some(({ state }) => state?.running !== undefined);
    if (isFinished(pod) || !started) {
      remove(pod);
    } else {
      report(pod, endedStatus(pod, outcomeOf(pod).unload ?? { exitCode: 0, message: '' }, now()));
      queue.add(key, terminationMs);
    }
  }

  function restartLater(key: string, pod: RunningPod): void {
    const restarts = pod.status?.containerStatuses?.[0]?.restartCount ?? 0;
    const pauseMs = Math.min(crashBackOffMs * 2 ** restarts, crashBackOffMs * 30);
    restartAt.set(pod.metadata.uid, performance.now() + pauseMs);
    queue.add(key, pauseMs + 1);
  }

  async function missingImages(pod: RunningPod): Promise<Set<string>> {
    const images = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map(({ image }) => image);
    const there = await Promise.all(images.map(puller.has));
    return new Set(images.filter((_image, index) => !there[index]));
  }

  function outcomeOf(pod: RunningPod): PodOutcome {
    for (const rule of rules) {
      const outcome = rule(pod);
      if (outcome) return outcome;
    }
    return { kind: 'ready' };
  }

  function find(key: string): RunningPod | undefined {
    const [namespace = '', name = ''] = key.split('/');
    const pod = store.get('Pod', { namespace, name });
    return pod && podView(pod);
  }

  function report({ metadata: { namespace = '', name } }: RunningPod, status: object): void {
    store.patch('Pod', { namespace, name }, toJson({ status }), { subresource: 'status' });
  }

  function remove({ metadata: { namespace = '', name, uid } }: RunningPod): void {
    if (store.get('Pod', { namespace, name })?.metadata.uid !== uid) return;
    store.delete('Pod', { namespace, name }, { gracePeriodSeconds: 0 });
  }

  const enqueue = (pod: StoredObject) => queue.add(keyString(keyOf(pod)));
  const syncPodsOf = (node: string) => {
    for (const pod of store.objects('Pod')) if (podView(pod).spec.nodeName === node) enqueue(pod);
  };
  const syncAll = () => store.objects('Pod').forEach(enqueue);

  return {
    observe(event) {
      if (event.type === 'DELETED') restartAt.delete(event.object.metadata.uid ?? '');
      if (event.kind === 'Pod' && wakesPod(event)) enqueue(event.object);
      if (event.kind === 'Node' && wakesNode(event)) syncPodsOf(event.object.metadata.name);
    },
    syncAll,
    addRule(rule) {
      rules = [rule, ...rules];
      syncAll();
      return () => {
        rules = rules.filter((standing) => standing !== rule);
        syncAll();
      };
    },
    recheckImages: puller.recheck,
    close() {
      queue.close();
      puller.close();
    },
  };
}

function isSilent(node: Node): boolean {
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
  return ready !== undefined && ready.status !== 'True';
}

function isSameLife(a: RunningPod, b: RunningPod): boolean {
  return a.metadata.uid === b.metadata.uid && a.metadata.deletionTimestamp === b.metadata.deletionTimestamp;
}

/** A new pod, or the beginning of its end; its status is the kubelet's own writing. */
function wakesPod({ type, object, previous }: StoreEvent): boolean {
  return (
    type === 'ADDED' ||
    (type === 'MODIFIED' && previous?.metadata.deletionTimestamp !== object.metadata.deletionTimestamp)
  );
}

/** A node that went, that booted anew, or whose kubelet fell silent or is heard again. */
function wakesNode({ type, object, previous }: StoreEvent): boolean {
  if (type !== 'MODIFIED' || previous === undefined) return type === 'DELETED';
  const [before, now] = [nodeView(previous), nodeView(object)];
  return before.status?.nodeInfo?.bootID !== now.status?.nodeInfo?.bootID || isSilent(before) !== isSilent(now);
}

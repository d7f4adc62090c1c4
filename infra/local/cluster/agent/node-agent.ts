import { failLoudly } from '../fail-loudly.ts';
import type { ClusterStore } from '../store/store.ts';
import { createDaemonSetController } from './daemon-set-controller.ts';
import { createKubelet } from './kubelet.ts';
import { createNodeRegistry, type NodeRegistry } from './node-registry.ts';
import type { OutcomeRule } from './pod-outcome.ts';

export interface NodeAgent extends NodeRegistry {
  /** How the pods that it answers for do; the newest rule first. Returns what takes it back. */
  setPodOutcome(rule: OutcomeRule): () => void;
  /** Asks for all missing images now, instead of after the back-off: something was pushed. */
  recheckImages(): void;
  close(): void;
}

export interface NodeAgentOptions {
  now?: (() => Date) | undefined;
  imageExists?: ((image: string) => Promise<boolean>) | undefined;
  imageRetryMs?: number | undefined;
  crashBackOffMs?: number | undefined;
  terminationMs?: number | undefined;
  /** How many times faster than written `minReadySeconds` go by, for demonstrations; 1 by default. */
  minReadySpeed?: number | undefined;
  /** Told of what should not happen; the work goes on with the next change. Without it the process ends. */
  failed?: ((key: string, error: unknown) => void) | undefined;
}

/** Plays DaemonSet controller, pod garbage collector and kubelets on a store, moved by its changes alone. */
export function createNodeAgent(store: ClusterStore, options: NodeAgentOptions = {}): NodeAgent {
  const { now = () => new Date(), imageExists = async () => true, failed = failLoudly } = options;
  const { imageRetryMs = 1000, crashBackOffMs = 10_000, terminationMs = 20, minReadySpeed = 1 } = options;
  const controller = createDaemonSetController(store, { now, failed, minReadySpeed });
  const kubelet = createKubelet(store, { now, imageExists, imageRetryMs, crashBackOffMs, terminationMs, failed });
  const stop = store.subscribe((event) => {
    controller.observe(event);
    kubelet.observe(event);
  });
  controller.syncAll();
  kubelet.syncAll();

  return {
    ...createNodeRegistry(store, now),
    setPodOutcome: kubelet.addRule,
    recheckImages: kubelet.recheckImages,
    close() {
      stop();
      controller.close();
      kubelet.close();
    },
  };
}

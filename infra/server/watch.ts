import { KubeConfig } from '@kubernetes/client-node';
import type { ChangeOptions } from '../../shared/events/changes/change.ts';
import type { Trigger } from '../../shared/events/trigger.ts';
import { labels } from '../../shared/kmm/labels.ts';
import type { Logger } from '../../shared/ports/logger.ts';
import { within } from '../../shared/runtime/within.ts';
import { type WatchedCollection, watchKind } from './watch/watch-kind.ts';

export interface WatchOptions extends ChangeOptions {
  kubeConfig: KubeConfig;
  /** Only these; absent: all. Nodes have no namespace and are always watched. */
  namespaces?: readonly string[];
  emit: (triggers: Trigger[]) => void;
  logger: Logger;
  backoffMilliseconds?: number;
}

export interface ClusterWatch {
  /** Everything has been listed once: from here on no change is missed. */
  synced: Promise<void>;
  stop(): Promise<void>;
}

const stopMilliseconds = 2000;

/** The server's own source of events, where no hook is installed: the same changes by the same rules, a moment later. */
export function watchCluster({ namespaces, ...options }: WatchOptions): ClusterWatch {
  const stopping = new AbortController();
  const context = { ...options, kubeConfig: withPlainHttp(options.kubeConfig), signal: stopping.signal };
  const watches = collections(namespaces).map((collection) => {
    const synced = Promise.withResolvers<void>();
    return { synced: synced.promise, ended: watchKind(collection, context, synced.resolve) };
  });
  return {
    synced: Promise.all(watches.map(({ synced }) => synced)).then(() => undefined),
    stop: async () => {
      stopping.abort();
      // A connection that is being made can't be cut from outside; it ends by itself and tells nobody.
      await within(Promise.all(watches.map(({ ended }) => ended)), stopMilliseconds);
    },
  };
}

/** Our own pods, DaemonSets and Jobs by their labels; the server sends nothing of the others. */
function collections(namespaces: readonly string[] | undefined): WatchedCollection[] {
  const namespaced: WatchedCollection[] = [
    { kind: 'Module' },
    { kind: 'DaemonSet', labelSelector: labels.moduleName },
    { kind: 'Pod', labelSelector: labels.role },
    { kind: 'Job', labelSelector: labels.moduleName },
    { kind: 'ConfigMap' },
  ];
  const everywhere = namespaces ?? [undefined];
  const each = everywhere.flatMap((namespace) =>
    namespaced.map((item) => ({ ...item, ...(namespace !== undefined && { namespace }) })),
  );
  return [{ kind: 'Node' }, ...each];
}

/** client-node speaks http only where TLS is not verified: there is none to verify on the loopback of the local stack. */
function withPlainHttp(kubeConfig: KubeConfig): KubeConfig {
  const cluster = kubeConfig.getCurrentCluster();
  if (cluster === null || !/^http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/.test(`${cluster.server}/`))
    return kubeConfig;
  const copy = new KubeConfig();
  const user = kubeConfig.getCurrentUser() ?? { name: 'local' };
  copy.loadFromClusterAndUser({ ...cluster, skipTLSVerify: true }, user);
  return copy;
}

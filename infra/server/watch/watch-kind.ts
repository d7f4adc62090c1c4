import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeConfig } from '@kubernetes/client-node';
import * as z from 'zod';
import type { ChangeOptions } from '../../../shared/events/changes/change.ts';
import type { WatchedKind } from '../../../shared/events/changes/triggers-of.ts';
import type { Trigger } from '../../../shared/events/trigger.ts';
import { apiPath, type Kinds } from '../../../shared/kubernetes/resources.ts';
import { ClusterError } from '../../../shared/ports/errors.ts';
import type { Logger } from '../../../shared/ports/logger.ts';
import { createKnownObjects } from './known-objects.ts';
import { listObjects } from './list-objects.ts';
import { trimObject } from './trim-object.ts';
import { watchOnce } from './watch-once.ts';

export interface WatchContext extends ChangeOptions {
  kubeConfig: KubeConfig;
  emit: (triggers: Trigger[]) => void;
  logger: Logger;
  signal: AbortSignal;
  /** The first pause after a fault; doubled up to 30 s. */
  backoffMilliseconds?: number;
}

export interface WatchedCollection {
  kind: WatchedKind;
  namespace?: string;
  labelSelector?: string;
}

const longestPause = 30_000;

/**
 * Lists, then watches from the list's version, for ever; after a break it goes on from the last version seen. When the server
 * has forgotten that version (410), it lists again and tells the difference to what was known. Never rejects.
 */
export async function watchKind(
  collection: WatchedCollection,
  context: WatchContext,
  onSynced: () => void,
): Promise<void> {
  const { kind, namespace, labelSelector } = collection;
  const { kubeConfig, emit, logger, signal } = context;
  const path = apiPath(kind, { namespace });
  const query = labelSelector === undefined ? {} : { labelSelector };
  const known = createKnownObjects(kind, context);
  let version: string | undefined;
  let faults = 0;

  const onEvent = (type: string, object: unknown): void => {
    faults = 0;
    version = versionOf(object) ?? version;
    if (type === 'BOOKMARK') return;
    for (const item of readOne(kind, object, logger)) emit(type === 'DELETED' ? known.remove(item) : known.put(item));
  };
  const listThenWatch = async (): Promise<void> => {
    if (version === undefined) {
      const { items, resourceVersion } = await listObjects(kubeConfig, path, query, signal);
      emit(known.replace(items.flatMap((item) => readOne(kind, item, logger))));
      onSynced();
      version = resourceVersion;
    }
    await watchOnce(path, { ...query, resourceVersion: version, allowWatchBookmarks: true }, context, onEvent);
  };
  const onFault = (error: unknown): void => {
    if (signal.aborted) return;
    if (isGone(error)) version = undefined;
    else logger.warn('Watch broke, it goes on', { kind, error });
    if (isUnknownKind(error)) onSynced();
  };

  while (!signal.aborted) {
    await listThenWatch().catch(onFault);
    await pause(faults, context);
    faults += 1;
  }
}

/** One object that can't be read must not blind us for the others. */
function readOne<K extends WatchedKind>(kind: K, object: unknown, logger: Logger): Kinds[K][] {
  try {
    return [trimObject(kind, object)];
  } catch (error) {
    logger.error('Watched object is not understood', { kind, error });
    return [];
  }
}

function isGone(error: unknown): boolean {
  return error instanceof ClusterError && error.code === 'GONE';
}

/** A kind that the cluster does not have (yet) must not keep the others waiting. */
function isUnknownKind(error: unknown): boolean {
  return error instanceof ClusterError && error.status === 404;
}

async function pause(faults: number, { backoffMilliseconds = 100, signal }: WatchContext): Promise<void> {
  const milliseconds = Math.min(backoffMilliseconds * 2 ** Math.min(faults, 16), longestPause);
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined); // stopping ends the pause
}

function versionOf(object: unknown): string | undefined {
  const seen = z.object({ metadata: z.object({ resourceVersion: z.string().min(1) }) }).safeParse(object);
  return seen.data?.metadata.resourceVersion;
}

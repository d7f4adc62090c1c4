import type { Manifest } from '../kubernetes/objects.ts';
import type { Kind, Kinds, ObjectKey } from '../kubernetes/resources.ts';

/**
 * The cluster's API server. Retries of 429 (honouring Retry-After), 5xx and lost connections happen inside, bounded; what
 * is left is a ClusterError. Absent objects are values (`undefined`, `'absent'`), never errors.
 */
export interface Cluster {
  get<K extends Kind>(kind: K, key: ObjectKey): Promise<Kinds[K] | undefined>;
  /**
   * Pages of at most `limit` (500 by default). A list that can't be completed throws, and decides nothing: an expired
   * continue token (410) starts it again once by itself only when no page has been handed out yet.
   */
  pages<K extends Kind>(kind: K, options?: ListOptions): AsyncIterable<Kinds[K][]>;
  /** All pages in one array. */
  list<K extends Kind>(kind: K, options?: ListOptions): Promise<Kinds[K][]>;
  /** `'exists'` when an object of that name stands (409 AlreadyExists). */
  create(manifest: Manifest): Promise<'created' | 'exists'>;
  /**
   * Server-side apply with our field manager, forced. With `metadata.resourceVersion` it applies only to that version:
   * otherwise `ClusterError` with code `CONFLICT`; an object that went meanwhile is made anew, unless `metadata.uid` says
   * which one was meant (`CONFLICT` then too). Idempotent: the same content again is no write.
   */
  apply<K extends Kind>(kind: K, manifest: Manifest): Promise<Kinds[K]>;
  /** JSON merge patch. `resourceVersion` guards it as in `apply`. `'absent'` when there is no such object. */
  patch<K extends Kind>(
    kind: K,
    key: ObjectKey,
    patch: Record<string, unknown>,
    options?: { subresource?: 'status'; resourceVersion?: string },
  ): Promise<Kinds[K] | 'absent'>;
  /** Deletes with preconditions; a mismatch is `CONFLICT`. Foreground when asked, else background. */
  delete(
    kind: Kind,
    key: ObjectKey,
    options?: { uid?: string; resourceVersion?: string; foreground?: boolean },
  ): Promise<'deleted' | 'absent'>;
}

export interface ListOptions {
  namespace?: string;
  /** As the API takes it: `a=b,c,!d`. */
  labelSelector?: string;
  fieldSelector?: string;
  limit?: number;
}

import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { type MigrationKind, type ObjectRef, refWords } from '../../../infra/cli/migrate/kinds.ts';
import type { MigrationApi, Written } from '../../../infra/cli/migrate/migration-api.ts';
import { parseLabelSelector } from '../../../infra/local/cluster/store/label-selector.ts';
import { toJson } from '../../../infra/local/cluster/store/object.ts';
import { mergePatch } from '../../../shared/kubernetes/merge-patch.ts';

export interface KmmObject {
  kind: MigrationKind;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    finalizers?: string[];
    ownerReferences?: { kind: string; name: string; uid: string }[];
  };
  [field: string]: unknown;
}

export function readFixture(name: 'kmm-1' | 'kmm-2'): KmmObject[] {
  const text = readFileSync(new URL(`../../fixtures/migrate/${name}.yaml`, import.meta.url), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS());
}

export interface KmmCluster extends MigrationApi {
  readonly objects: KmmObject[];
  /** Every write that came in, as `delete Pod gpu/a`. */
  readonly writes: string[];
  /** The n-th next write throws, once. */
  failWrite(nth: number): void;
  find(kind: MigrationKind, name: string): KmmObject | undefined;
  /** Called before each write: what others do meanwhile. */
  meanwhile: (() => void) | undefined;
}

/**
 * The API as a migration sees it, with finalizers and the garbage collector: an object with finalizers is marked, dependents
 * go with their owner or are orphaned. `absent`: kinds that the cluster does not have.
 */
export function createKmmCluster(objects: readonly KmmObject[], absent: readonly MigrationKind[] = []): KmmCluster {
  let version = 0;
  let failing = 0;
  const stored = objects.map((object) => structuredClone(object));
  const touch = (object: KmmObject) => {
    version += 1;
    object.metadata = { ...object.metadata, resourceVersion: String(version) };
  };
  for (const object of stored) {
    object.metadata.uid ??= refWords({ ...object.metadata, kind: object.kind });
    touch(object);
  }
  const remove = (object: KmmObject) => {
    stored.splice(stored.indexOf(object), 1);
    for (const dependent of stored.filter((one) => owners(one).includes(object.metadata.uid ?? ''))) {
      if (owners(dependent).length === 1) markDeleted(dependent);
    }
  };
  const markDeleted = (object: KmmObject) => {
    object.metadata.deletionTimestamp ??= '2026-01-01T00:00:00Z';
    touch(object);
    if ((object.metadata.finalizers ?? []).length === 0) remove(object);
  };
  const find = (kind: MigrationKind, name: string, namespace?: string) =>
    stored.find(
      (one) =>
        one.kind === kind &&
        one.metadata.name === name &&
        (namespace === undefined || one.metadata.namespace === namespace),
    );

  const write = (verb: string, ref: ObjectRef, run: (object: KmmObject) => Written): Written => {
    cluster.meanwhile?.();
    failing -= 1;
    if (failing === 0) throw new Error('the process died');
    cluster.writes.push(`${verb} ${refWords(ref)}`);
    const object = find(ref.kind, ref.name, ref.namespace);
    return object === undefined ? 'absent' : run(object);
  };

  const cluster: KmmCluster = {
    objects: stored,
    writes: [],
    meanwhile: undefined,
    find: (kind, name) => find(kind, name),
    failWrite: (nth) => {
      failing = nth;
    },
    async list(kind, labelSelector = '') {
      if (absent.includes(kind)) return [];
      const matches = parseLabelSelector(labelSelector);
      return structuredClone(stored.filter((one) => one.kind === kind && matches(one.metadata.labels ?? {})));
    },
    async patch(ref, patch) {
      return write('patch', ref, (object) => {
        const { metadata } = patch as { metadata: { resourceVersion?: string } };
        if (metadata.resourceVersion !== undefined && metadata.resourceVersion !== object.metadata.resourceVersion)
          return 'conflict';
        Object.assign(object, mergePatch(toJson(object), toJson(patch)));
        touch(object);
        if (object.metadata.deletionTimestamp !== undefined && (object.metadata.finalizers ?? []).length === 0)
          remove(object);
        return 'done';
      });
    },
    async delete(ref, { uid, orphan }) {
      return write(orphan ? 'orphan' : 'delete', ref, (object) => {
        if (uid !== object.metadata.uid) return 'conflict';
        if (orphan) for (const dependent of stored) disown(dependent, uid);
        markDeleted(object);
        return 'done';
      });
    },
  };
  return cluster;
}

function owners({ metadata }: KmmObject): string[] {
  return (metadata.ownerReferences ?? []).map(({ uid }) => uid);
}

function disown({ metadata }: KmmObject, owner: string): void {
  if (metadata.ownerReferences?.some(({ uid }) => uid === owner)) {
    metadata.ownerReferences = metadata.ownerReferences.filter(({ uid }) => uid !== owner);
  }
}

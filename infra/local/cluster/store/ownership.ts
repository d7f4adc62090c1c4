import { isDeepStrictEqual } from 'node:util';
import { ApiError } from './api-error.ts';
import { leaves } from './field-paths.ts';
import type { StoredObject } from './object.ts';

/** Field manager (with its operation, as managedFields tells them apart) → the paths of the fields that it owns. */
export type Owners = Readonly<Record<string, readonly string[]>>;

export const applyOwner = (manager: string): string => `Apply ${manager}`;
export const updateOwner = (manager: string): string => `Update ${manager}`;

/** After a create, update or patch: who changes a field owns it alone; who wrote an equal value changes nothing. */
export function ownersAfterUpdate(
  owners: Owners,
  manager: string | undefined,
  before: StoredObject | undefined,
  after: StoredObject,
): Owners {
  if (manager === undefined && Object.keys(owners).length === 0) return owners;
  const old: Map<string, unknown> = before ? leaves(before) : new Map();
  const now = leaves(after);
  const changed = new Set([...now.keys()].filter((path) => !isDeepStrictEqual(now.get(path), old.get(path))));
  const removed = new Set([...old.keys()].filter((path) => !now.has(path)));
  const others = withoutPaths(owners, new Set([...changed, ...removed]));
  if (manager === undefined || changed.size === 0) return others;
  return { ...others, [updateOwner(manager)]: [...new Set([...(others[updateOwner(manager)] ?? []), ...changed])] };
}

/** After an apply: the manager owns exactly what it sent; a forced apply takes what differs from others. */
export function ownersAfterApply(owners: Owners, manager: string, applied: StoredObject, taken: Set<string>): Owners {
  return { ...withoutPaths(owners, taken), [applyOwner(manager)]: [...leaves(applied).keys()] };
}

/** What others own with another value. Without `force` that is the 409 of server-side apply. */
export function conflictingPaths(
  owners: Owners,
  manager: string,
  live: StoredObject,
  applied: StoredObject,
): Map<string, string> {
  const current = leaves(live);
  const wanted = leaves(applied);
  const others = Object.entries(owners).filter(([owner]) => owner !== applyOwner(manager));
  const differing = others.flatMap(([owner, paths]) =>
    paths
      .filter((path) => wanted.has(path) && !isDeepStrictEqual(wanted.get(path), current.get(path)))
      .map((path): [string, string] => [path, owner]),
  );
  return new Map(differing);
}

export function conflictError(conflicts: Map<string, string>): ApiError {
  const listed = [...conflicts].map(([path, owner]) => `conflict with "${owner}": ${path}`).slice(0, 10);
  return new ApiError('Conflict', `Apply failed with ${conflicts.size} conflict(s): ${listed.join(', ')}`);
}

/** The fields that stand, that this manager applied before and leaves out now, and that nobody else owns. */
export function abandonedPaths(owners: Owners, manager: string, live: StoredObject, applied: StoredObject): string[] {
  const wanted = leaves(applied);
  const current = leaves(live);
  const others = Object.entries(owners).filter(([owner]) => owner !== applyOwner(manager));
  const shared = new Set(others.flatMap(([, paths]) => paths));
  return (owners[applyOwner(manager)] ?? []).filter(
    (path) => current.has(path) && !wanted.has(path) && !shared.has(path),
  );
}

function withoutPaths(owners: Owners, paths: Set<string>): Owners {
  const kept = Object.entries(owners).map(
    ([owner, owned]) => [owner, owned.filter((path) => !paths.has(path))] as const,
  );
  return Object.fromEntries(kept.filter(([owner, owned]) => owned.length > 0 || owner.startsWith('Apply ')));
}

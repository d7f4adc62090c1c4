import { UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { say } from '../output/say.ts';
import { parseDocuments } from './parse-documents.ts';
import { readSources } from './read-sources.ts';

/** A Module as it stands in a file: not checked yet. `where` is `file:line`. */
export interface FoundModule {
  raw: unknown;
  where: string;
}

export interface FileOptions {
  filename?: string[];
  recursive?: boolean;
}

interface FoundObject extends FoundModule {
  kind: string;
}

/**
 * The Modules of the files that `-f` names, in their order; lists are opened. Objects of other kinds are passed over with a
 * note. Throws UsageError when there is no Module at all.
 */
export async function loadModules(options: FileOptions, io: Io): Promise<FoundModule[]> {
  const names = options.filename ?? [];
  if (names.length === 0) {
    throw new UsageError(
      'No Module was given: name files or folders with -f, as in "-f module.yaml", or "-f -" to read standard input.',
    );
  }
  const objects: FoundObject[] = [];
  for await (const source of readSources(names, options.recursive ?? false, io)) {
    objects.push(...parseDocuments(source).flatMap(({ value, line }) => openLists(value, `${source.name}:${line}`)));
  }
  const modules = objects.filter(({ kind }) => kind === 'Module');
  const others = objects.filter(({ kind }) => kind !== 'Module');
  if (modules.length === 0) throw new UsageError(noModule(names, others));
  if (others.length > 0) say(io, `note: passed over ${countByKind(others)}: only Modules are looked at`);
  return modules;
}

function openLists(value: unknown, where: string): FoundObject[] {
  if (Array.isArray(value)) return value.flatMap((item) => openLists(item, where));
  if (typeof value !== 'object' || value === null) return [{ raw: value, where, kind: 'something that is no object' }];
  const kind = 'kind' in value && typeof value.kind === 'string' ? value.kind : undefined;
  const items = 'items' in value && Array.isArray(value.items) ? value.items : undefined;
  if (items === undefined || (kind !== undefined && !kind.endsWith('List'))) {
    return [{ raw: value, where, kind: kindOf(value, kind) }];
  }
  // In a `ModuleList` of the API the items don't repeat their kind.
  const own = kind === undefined || kind === 'List' ? undefined : kind.slice(0, -'List'.length);
  return items.flatMap((item, index) => openLists(withKind(item, own), `${where} items[${index}]`));
}

function withKind(item: unknown, kind: string | undefined): unknown {
  if (kind === undefined || typeof item !== 'object' || item === null || 'kind' in item) return item;
  return { kind, ...item };
}

/** An object without a kind is taken for a Module: lint then says what it lacks. Another group's Module is not ours. */
function kindOf(value: object, kind: string | undefined): string {
  const apiVersion = 'apiVersion' in value && typeof value.apiVersion === 'string' ? value.apiVersion : '';
  if (kind === undefined) return apiVersion === '' ? 'Module' : `${apiVersion} without a kind`;
  const foreign = kind === 'Module' && apiVersion.includes('/') && !apiVersion.startsWith('kmm.sigs.x-k8s.io/');
  return foreign ? `${kind} of ${apiVersion}` : kind;
}

function noModule(names: readonly string[], others: readonly FoundObject[]): string {
  const found = others.length === 0 ? 'nothing' : countByKind(others);
  return `There is no Module in ${names.join(', ')} (found ${found}): a Module is an object with apiVersion kmm.sigs.x-k8s.io/v1beta1 and kind Module.`;
}

function countByKind(objects: readonly FoundObject[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of objects) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} × ${kind.slice(0, 80)}`).join(', ');
}

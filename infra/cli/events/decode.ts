import { allTriggers } from '../../../shared/events/decoded.ts';
import { sources } from '../../../shared/events/sources/sources.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import type { HostAliases } from '../../../shared/reconcile/image-matches.ts';
import { UsageError } from '../errors.ts';
import type { FileOptions } from '../input/load-modules.ts';
import type { ExitCode, Io } from '../io.ts';
import { type Format, print } from '../output/print.ts';
import { withProgress } from '../output/progress.ts';
import { say } from '../output/say.ts';
import type { CliPorts } from '../ports.ts';
import { concernedTargets } from './concerned-targets.ts';
import { decodeTable } from './decode-table.ts';
import { findSource } from './find-source.ts';
import { readEvent } from './read-event.ts';
import { readModules } from './read-modules.ts';
import { toItems } from './to-items.ts';

export interface DecodeOptions extends FileOptions {
  source?: string;
  header?: string[];
  registry?: string;
  hostAlias?: string[];
  kernel?: string[];
  arch: string;
  kubeconfig?: string;
  output: Format;
}

/** `kmm events decode`: what an event would do, without doing it. */
export async function decode(file: string, options: DecodeOptions, io: Io, ports: CliPorts): Promise<ExitCode> {
  const hostAliases = parseAliases(options.hostAlias ?? []);
  const event = await readEvent(file, options.header ?? [], io);
  const { source, note } = findSource(options.source, event);
  if (note !== undefined) say(io, `note: ${note}`);
  const { registry } = options;
  const decodeOptions = { ignoredTaints: defaultIgnoredTaints, ...(registry !== undefined && { registry }) };
  const decoded = sources[source].decode(event, decodeOptions);
  const triggers = allTriggers(decoded);
  const read = await withProgress(io, 'reading Modules', readModules(options, triggers, io, ports));
  const concerned = read && concernedTargets(triggers, { ...read, hostAliases, now: ports.now() });
  const answer = { source, items: toItems(decoded), ...concerned };
  await print(io, options.output, { value: answer, table: () => decodeTable(answer) });
  for (const hint of concerned?.hints ?? []) say(io, `note: ${hint}`);
  return triggers.length === 0 || concerned?.targets.length === 0 ? 1 : 0;
}

function parseAliases(texts: readonly string[]): HostAliases {
  const pairs = texts.map((text) => text.split('='));
  return Object.fromEntries(
    pairs.map(([from, to]) => {
      if (from && to) return [from, to];
      throw new UsageError('--host-alias takes what events call a registry and what images call it: mirror=registry.');
    }),
  );
}

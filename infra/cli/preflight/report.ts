import type { Style } from '../output/style.ts';
import { toTable } from '../output/table.ts';
import type { CheckedModule } from './checked-module.ts';
import type { Verdict } from './verdict.ts';

/** The whole answer of `kmm preflight`. */
export interface PreflightReport {
  kernelVersion: string;
  architecture: string;
  counts: { modules: number; served: number; notServed: number; verdicts: Partial<Record<Verdict, number>> };
  modules: CheckedModule[];
}

export function toReport(kernelVersion: string, architecture: string, modules: CheckedModule[]): PreflightReport {
  const verdicts: Partial<Record<Verdict, number>> = {};
  for (const { verdict } of modules) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  const served = modules.filter((module) => module.served).length;
  const counts = { modules: modules.length, served, notServed: modules.length - served, verdicts };
  return { kernelVersion, architecture, counts, modules };
}

/** A line for each Module, a sentence for each, and how many would be served. */
export function reportText({ kernelVersion, architecture, counts, modules }: PreflightReport, paint: Style): string {
  const rows = modules.map(({ namespace, module, verdict, served, mapping }) => [
    `${namespace}/${module}`,
    paint(served ? 'green' : 'red', verdict),
    mapping,
  ]);
  const sentences = modules.map(({ namespace, module, message, warnings }) => {
    const more = warnings.map((warning) => `  ${paint('yellow', 'warning')} ${warning}\n`);
    return `${namespace}/${module}: ${message}\n${more.join('')}`;
  });
  const sum = `${counts.served} of ${counts.modules} Modules would be served on ${kernelVersion}/${architecture}`;
  const kinds = Object.entries(counts.verdicts).map(([verdict, count]) => `${count} ${verdict}`);
  const table = toTable(['MODULE', 'VERDICT', 'MAPPING'], rows);
  return `${table}\n${sentences.join('')}\n${paint('bold', sum)} (${kinds.join(', ')})\n`;
}

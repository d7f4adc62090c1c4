import type { Bundle } from './bundle.ts';

/** One line per file, sizes in KiB; only main files have a budget. */
export function toTable(bundles: readonly Bundle[]): string {
  const rows = bundles.flatMap(({ target, files }) =>
    files.map(({ file, bytes, gzip }) => {
      const budget = file === target.main ? String(target.budget) : '';
      return [`${target.name}/${file}`, toKib(bytes), toKib(gzip), budget];
    }),
  );
  return [['bundle', 'KiB', 'gzip', 'budget'], ...rows].map((row) => row.map(pad).join('')).join('\n');
}

/** The bundles that are over their budget, one sentence each. */
export function listOverBudget(bundles: readonly Bundle[]): string[] {
  return bundles.flatMap(({ target, files }) =>
    files
      .filter(({ file, gzip }) => file === target.main && gzip > target.budget * 1024)
      .map(({ file, gzip }) => `${target.name}/${file}: ${toKib(gzip)} KiB gzip, budget ${target.budget} KiB`),
  );
}

function toKib(bytes: number): string {
  return (bytes / 1024).toFixed(1);
}

function pad(cell: string, column: number): string {
  return column === 0 ? cell.padEnd(36) : cell.padStart(10);
}

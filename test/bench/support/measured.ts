/** One number of a benchmark. Where `most` is given, more is over budget. */
export interface Measured {
  bench: string;
  what: string;
  value: number;
  unit: string;
  most?: number;
}

/** A benchmark: ratios and counts within one run, for the clock of a shared machine means nothing by itself. */
export type Bench = () => Promise<Measured[]>;

export function overBudget(all: readonly Measured[]): string[] {
  return all
    .filter(({ value, most }) => most !== undefined && value > most)
    .map(({ bench, what, value, unit, most }) => `${bench}: ${what}: ${format(value)} ${unit}, budget ${most}`);
}

export function toTable(all: readonly Measured[]): string {
  const rows = all.map(({ bench, what, value, unit, most }) => [bench, what, format(value), unit, String(most ?? '')]);
  const table = [['benchmark', 'what', 'value', 'unit', 'budget'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table.map((row) => row.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join('  ')).join('\n');
}

function pad(cell: string, width: number, column: number): string {
  return column === 2 || column === 4 ? cell.padStart(width) : cell.padEnd(width);
}

function format(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(3);
}

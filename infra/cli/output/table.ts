import { stripVTControlCharacters } from 'node:util';

/** Columns as kubectl prints them: headings in capitals, as wide as their widest cell, three blanks between. */
export function toTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => width(line[column]))));
  const last = headings.length - 1;
  return lines
    .map((line) => line.map((cell, column) => (column === last ? cell : pad(cell, (widths[column] ?? 0) + 3))).join(''))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** Colours take no room. */
function width(cell = ''): number {
  return stripVTControlCharacters(cell).length;
}

function pad(cell: string, to: number): string {
  return cell + ' '.repeat(Math.max(0, to - width(cell)));
}

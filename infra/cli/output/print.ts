import type { Io } from '../io.ts';
import { printable } from './printable.ts';
import { write } from './write.ts';

export type Format = 'table' | 'json' | 'yaml';

export interface Answer {
  /** What machines get, whole. */
  value: unknown;
  /** What people get; made only when asked for. */
  table: () => string;
  /** The same as documents of their own in YAML, as `kubectl apply -f -` takes them. */
  documents?: readonly unknown[];
}

/** Prints one answer in the form that was asked for. */
export async function print({ stdout }: Pick<Io, 'stdout'>, format: Format, answer: Answer): Promise<void> {
  await write(stdout, await toText(format, answer));
}

async function toText(format: Format, { value, table, documents }: Answer): Promise<string> {
  switch (format) {
    case 'table':
      return printable(table());
    case 'json':
      return `${JSON.stringify(value, null, 2)}\n`;
    case 'yaml': {
      const { stringify } = await import('yaml');
      const toYaml = (item: unknown) => stringify(item, { lineWidth: 0, aliasDuplicateObjects: false });
      return documents === undefined ? toYaml(value) : documents.map((item) => `---\n${toYaml(item)}`).join('');
    }
  }
}

import type { Io } from '../io.ts';
import { printable } from './printable.ts';

/** A sentence on standard error, where answers are never mixed with it. */
export function say({ stderr }: Pick<Io, 'stderr'>, sentence: string): void {
  stderr.write(`${printable(sentence)}\n`);
}

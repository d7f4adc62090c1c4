import type { Readable, Writable } from 'node:stream';

/** A stream for people or for machines; `isTTY` as the process's own streams have it. */
export type Output = Writable & { isTTY?: boolean };

/** The world as a command sees it: an argument, so that a test needs no process. */
export interface Io {
  stdin: Readable;
  stdout: Output;
  stderr: Output;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
}

/** 0: fine. 1: the answer is no. 2: wrong usage, or something could not be read or reached. */
export type ExitCode = 0 | 1 | 2;

import type { Io } from './io.ts';

/** This process's own streams. A reader that has gone (`kmm … | head`) is no fault of ours: end without a word. */
export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return { stdin, stdout, stderr, env, cwd: process.cwd() };
}

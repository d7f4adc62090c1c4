import type { ExitCode } from './io.ts';

/** Runs `kmm start` with the arguments that followed `start`; resolves when it has ended. */
export async function startCommand(_argv: readonly string[]): Promise<ExitCode> {
  console.error('kmm start is not part of this build yet.');
  return 2;
}

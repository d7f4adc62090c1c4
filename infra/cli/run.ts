import { CommanderError } from 'commander';
import { KmmError } from '../../shared/kmm/errors.ts';
import type { ExitCode, Io } from './io.ts';
import { say } from './output/say.ts';
import { styleFor } from './output/style.ts';
import { type CliPorts, realPorts } from './ports.ts';
import { createProgram } from './program.ts';

/** Runs one call of `kmm`. Resolves to the exit code; rejects only for a bug. */
export async function run(argv: readonly string[], io: Io, ports: CliPorts = realPorts): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = createProgram(argv, io, ports, (answer) => {
    code = answer;
  });
  try {
    await program.parseAsync(argv.length === 0 ? ['--help'] : argv, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said it already; help and version end like this too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof KmmError)) throw error;
    const paint = styleFor(io.stderr, io.env);
    say(io, `${paint('red', 'error:')} ${error.message}`);
    return 2;
  }
}

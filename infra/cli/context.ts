import type { ExitCode, Io } from './io.ts';
import type { CliPorts } from './ports.ts';

/** What every command's action gets. Actions load their code when they run: help costs nothing but the tree. */
export interface Context {
  argv: readonly string[];
  io: Io;
  ports: CliPorts;
  /** Takes the exit code of the command that ran. */
  done: (code: ExitCode) => void;
}

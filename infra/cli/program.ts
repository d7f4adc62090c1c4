import { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { addClusterCommands } from './commands-on-clusters.ts';
import { addFileCommands } from './commands-on-files.ts';
import type { Context } from './context.ts';
import type { Io } from './io.ts';
import { styleFor } from './output/style.ts';
import type { CliPorts } from './ports.ts';

/** The tree of commands: names, options and help; nothing is loaded, read or reached before an action runs. */
export function createProgram(argv: readonly string[], io: Io, ports: CliPorts, done: Context['done']): Command {
  const program = new Command('kmm')
    .description(
      'kmm checks, resolves, renders and explains KMM Modules: which kernel module is loaded on which kernel, and why not.',
    )
    .version(packageJson.version, '-V, --version', 'Show the version')
    .helpOption('-h, --help', 'Show this help')
    .usage('<command> [options]')
    .configureHelp({ showGlobalOptions: false, subcommandTerm: (command) => command.name() });
  speakThrough(program, io);
  const context = { argv, io, ports, done };
  addFileCommands(program, context);
  addClusterCommands(program, context);
  program.helpCommand('help [command]', 'Show the help of a command');
  return program.addHelpText('after', footer);
}

/** Streams and colours of our own; subcommands made from here on inherit it. */
function speakThrough(program: Command, io: Io): void {
  const paint = styleFor(io.stderr, io.env);
  program
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHasColors: () => io.stdout.isTTY === true && !io.env['NO_COLOR'],
      getErrHasColors: () => io.stderr.isTTY === true && !io.env['NO_COLOR'],
      outputError: (text, write) => write(text.replace(/^error:/, paint('red', 'error:'))),
    });
}

const footer = `
Examples:
  kmm lint -f modules/
  kmm resolve -f module.yaml --kernel "$(uname -r)"
  kmm explain drivers/nic --node worker-1

Exit codes: 0 fine, 1 the answer is no, 2 wrong usage or something that can't be read.
Use "kmm <command> --help" for the options and examples of a command.`;

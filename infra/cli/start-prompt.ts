import { createInterface } from 'node:readline/promises';
import { KmmError } from '../../shared/kmm/errors.ts';
import type { LocalStack } from '../local/local-stack.ts';
import type { Io } from './io.ts';
import type { Narrator } from './narrate.ts';
import { commands } from './start-commands.ts';

/**
 * Typed commands, one a line, until `quit`. Input that ends (a pipe, /dev/null) leaves everything running: only a person at a
 * terminal means to leave with Ctrl-D.
 */
export async function readCommands(
  stack: LocalStack,
  narrator: Narrator,
  io: Io,
  signal: AbortSignal,
): Promise<'quit'> {
  const isTerminal = 'isTTY' in io.stdin && io.stdin.isTTY === true;
  // Without a prompt of its own: what the functions do is told at any time, and would break it.
  const lines = createInterface({ input: io.stdin, ...(isTerminal && { output: io.stdout }) });
  signal.addEventListener('abort', () => lines.close(), { once: true });
  // At a terminal Ctrl-C goes to readline, not to the process.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  for await (const line of lines) {
    const [word = '', ...args] = line.trim().split(/\s+/);
    if (word === 'quit' || word === 'exit') {
      lines.close();
      return 'quit';
    }
    if (word !== '') await runCommand(word, args, stack, narrator);
  }
  if (isTerminal) return 'quit';
  return new Promise(() => {}); // until a signal
}

async function runCommand(word: string, args: string[], stack: LocalStack, narrator: Narrator): Promise<void> {
  const command = commands[word];
  try {
    if (command === undefined) narrator.problem(`"${word}" is no command here: try help`);
    else await command.run(args, stack, narrator);
  } catch (error) {
    if (!(error instanceof KmmError) && !(error instanceof Error && 'code' in error)) throw error;
    narrator.problem(error.message);
  }
}

import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ExitCode, Output } from '../../../infra/cli/io.ts';
import type { CliPorts } from '../../../infra/cli/ports.ts';
import { run } from '../../../infra/cli/run.ts';

export interface Call {
  stdin?: string | Iterable<string>;
  env?: Record<string, string>;
  cwd?: string;
  /** Both outputs are terminals. */
  tty?: boolean;
  ports?: Partial<CliPorts>;
}

export interface Said {
  code: ExitCode;
  stdout: string;
  stderr: string;
}

/** Runs one call of `kmm` in this process; what a test does not give can't be reached. */
export async function callKmm(argv: readonly string[], call: Call = {}): Promise<Said> {
  const { stdin = '', env = {}, cwd = '/', tty = false, ports } = call;
  const [stdout, stderr] = [terminal(tty), terminal(tty)];
  const said = Promise.all([text(stdout), text(stderr)]);
  const io = { stdin: Readable.from(typeof stdin === 'string' ? [stdin] : stdin), stdout, stderr, env, cwd };
  const code = await run(argv, io, { ...nothing, ...ports });
  stdout.end();
  stderr.end();
  const [out, err] = await said;
  return { code, stdout: out, stderr: err };
}

function terminal(isTTY: boolean): Output & PassThrough {
  return Object.assign(new PassThrough(), { isTTY });
}

const nothing: CliPorts = {
  now: () => new Date('2026-01-01T00:00:00Z'),
  connect: async () => {
    throw new Error('this test gave no cluster');
  },
  connectMigration: async () => {
    throw new Error('this test gave no cluster');
  },
  registry: async () => {
    throw new Error('this test gave no registry');
  },
  fetch: async () => {
    throw new Error('this test gave no network');
  },
};

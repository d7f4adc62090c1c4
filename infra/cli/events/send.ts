import { randomUUID } from 'node:crypto';
import type { ExitCode, Io } from '../io.ts';
import { type Format, print } from '../output/print.ts';
import { withProgress } from '../output/progress.ts';
import { say } from '../output/say.ts';
import { toTable } from '../output/table.ts';
import type { CliPorts } from '../ports.ts';
import { knockAtDoor } from './knock-at-door.ts';
import { makeSample } from './make-sample.ts';
import { proveSample } from './prove-sample.ts';

export interface SendOptions {
  source: string;
  url: string;
  secretEnv: string;
  secretIn?: string;
  mode: 'token' | 'hmac';
  image?: string;
  delete?: boolean;
  print?: boolean;
  output: Format;
}

/** `kmm events send`: a sample event of a source, as that source would send it. */
export async function send(options: SendOptions, io: Io, ports: CliPorts): Promise<ExitCode> {
  const sample = makeSample(options, { at: ports.now(), id: randomUUID() });
  if (options.print) {
    const json = options.output === 'yaml' ? 'yaml' : 'json';
    await print(io, json, { value: { ...sample, body: JSON.parse(sample.body) }, table: () => '' });
    return 0;
  }
  const request = proveSample(sample, options, io);
  const answer = await withProgress(io, 'calling the door', knockAtDoor(request, options, ports));
  const { status, queued, ignored, poison } = answer;
  const row = [String(status), String(queued), String(ignored), poison.join('; ') || '-'];
  const table = () => toTable(['STATUS', 'QUEUED', 'IGNORED', 'POISON'], [row]);
  await print(io, options.output, { value: answer, table });
  if (answer.hint !== undefined) say(io, `note: ${answer.hint}`);
  return status === 202 && queued > 0 ? 0 : 1;
}

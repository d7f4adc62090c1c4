import { lintModule } from '../../../shared/kmm/lint-module.ts';
import { type FileOptions, loadModules } from '../input/load-modules.ts';
import { refuseBoth } from '../input/refuse-both.ts';
import type { ExitCode, Io } from '../io.ts';
import { type Format, print } from '../output/print.ts';
import { styleFor } from '../output/style.ts';
import { answerLines } from '../stream/answer-lines.ts';
import { lintTable } from './lint-table.ts';

export interface LintOptions extends FileOptions {
  output: Format;
  stdin?: boolean;
}

/** `kmm lint`: every finding about the Modules of some files. */
export async function lint(options: LintOptions, io: Io): Promise<ExitCode> {
  if (options.stdin) {
    refuseBoth(options);
    return answerLines(io, ({ module }) => ({ findings: lintModule(module) }));
  }
  const modules = await loadModules(options, io);
  const judged = modules.map(({ raw, where }) => ({ raw, where, findings: lintModule(raw) }));
  const findings = judged.flatMap((module) => module.findings);
  await print(io, options.output, { value: findings, table: () => lintTable(judged, styleFor(io.stdout, io.env)) });
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}

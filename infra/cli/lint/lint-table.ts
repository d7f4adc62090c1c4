import type { Finding } from '../../../shared/kmm/finding.ts';
import { moduleName } from '../../../shared/kmm/module-name.ts';
import type { Style } from '../output/style.ts';

export interface JudgedModule {
  raw: unknown;
  where: string;
  findings: readonly Finding[];
}

/** Findings for people: by Module, errors first, the message below what it is about. */
export function lintTable(modules: readonly JudgedModule[], paint: Style): string {
  const groups = modules.filter(({ findings }) => findings.length > 0).map((module) => groupOf(module, paint));
  return [...groups, `${summaryOf(modules)}\n`].join('\n');
}

function groupOf({ raw, where, findings }: JudgedModule, paint: Style): string {
  const { namespace, name } = moduleName(raw);
  const head = `${paint('bold', `${namespace}/${name || '(no name)'}`)}  ${paint('dim', where)}\n`;
  const sorted = findings.toSorted((a, b) => rank(a) - rank(b));
  return head + sorted.map((finding) => lineOf(finding, paint)).join('');
}

function lineOf({ severity, path, rule, message }: Finding, paint: Style): string {
  const tone = severity === 'error' ? 'red' : 'yellow';
  return `  ${paint(tone, severity.padEnd(7))}  ${path || '(the whole)'}  ${paint('dim', rule)}\n           ${message}\n`;
}

function rank({ severity }: Finding): number {
  return severity === 'error' ? 0 : 1;
}

function summaryOf(modules: readonly JudgedModule[]): string {
  const findings = modules.flatMap((module) => module.findings);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const counts =
    findings.length === 0
      ? 'nothing found'
      : `${count(errors, 'error')}, ${count(findings.length - errors, 'warning')}`;
  return `${count(modules.length, 'Module')}: ${counts}`;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

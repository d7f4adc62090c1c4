import type { CheckedModule } from '../checked-module.ts';
import type { Problem, Severity } from '../finding.ts';

/** A part of a Module that rules look at, with its path. */
export interface Located<Subject> {
  path: string;
  subject: Subject;
}

/** One rule: a predicate with a reason. `id` is stable; `at` is the field under the subject's path that is to blame. */
export interface Rule<Subject> {
  id: string;
  severity: Severity;
  at?: string;
  /** Undefined when all is well, otherwise what is wrong and how to fix it. */
  why: (subject: Subject, checked: CheckedModule) => string | undefined;
}

export type RuleSet = (checked: CheckedModule) => Problem[];

/** Rules over every subject that a Module has of one sort. */
export function ruleSet<Subject>(
  subjects: (checked: CheckedModule) => Located<Subject>[],
  rules: readonly Rule<Subject>[],
): RuleSet {
  return (checked) =>
    subjects(checked).flatMap(({ path, subject }) =>
      rules.flatMap((rule) => {
        const message = rule.why(subject, checked);
        return message === undefined
          ? []
          : [{ path: join(path, rule.at), rule: rule.id, severity: rule.severity, message }];
      }),
    );
}

/** `list` with paths: `path[0]`, `path[1]`, … */
export function eachOf<Item>(path: string, list: readonly Item[] | undefined): Located<Item>[] {
  return (list ?? []).map((subject, index) => ({ path: `${path}[${index}]`, subject }));
}

/** The subject when it is there. */
export function one<Subject>(path: string, subject: Subject | undefined): Located<Subject>[] {
  return subject === undefined ? [] : [{ path, subject }];
}

function join(path: string, at: string | undefined): string {
  if (at === undefined) return path;
  return path === '' ? at : `${path}.${at}`;
}

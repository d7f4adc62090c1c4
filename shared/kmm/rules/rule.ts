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

/** Rules that look at one sort of subject. `ids` are theirs. */
export interface RuleSet {
  ids: readonly string[];
  find: (checked: CheckedModule) => Problem[];
}

/** Rules over every subject that a Module has of one sort. */
export function ruleSet<Subject>(
  subjects: (checked: CheckedModule) => Located<Subject>[],
  rules: readonly Rule<Subject>[],
): RuleSet {
  const findIn = ({ path, subject }: Located<Subject>, checked: CheckedModule): Problem[] =>
    rules.flatMap(({ id, severity, at, why }) => {
      const message = why(subject, checked);
      return message === undefined ? [] : [{ path: join(path, at), rule: id, severity, message }];
    });
  return {
    ids: rules.map(({ id }) => id),
    find: (checked) => subjects(checked).flatMap((located) => findIn(located, checked)),
  };
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

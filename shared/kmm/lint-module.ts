import { applyDefaults } from './apply-defaults.ts';
import { type CheckedModule, toCheckedModule } from './checked-module.ts';
import type { Finding, Problem } from './finding.ts';
import { parseModule } from './parse-module.ts';
import { decidingRules, warningRules } from './rules/all-rules.ts';
import type { RuleSet } from './rules/rule.ts';

/** Every finding about a Module, errors and warnings, after its defaults are filled in. Never throws. */
export function lintModule(raw: unknown): Finding[] {
  const parsed = parseModule(raw);
  if (parsed.kind === 'invalid') return parsed.findings;
  const checked = toCheckedModule(applyDefaults(parsed.module), parsed.document);
  return toFindings(checked, [...decidingRules, ...warningRules]);
}

/** The findings that make a Module invalid. */
export function findErrors(checked: CheckedModule): Finding[] {
  return toFindings(checked, decidingRules).filter(({ severity }) => severity === 'error');
}

function toFindings(checked: CheckedModule, rules: readonly RuleSet[]): Finding[] {
  const { module, namespace } = checked;
  return unique(rules.flatMap(({ find }) => find(checked))).map((problem) => ({
    module: module.metadata.name,
    namespace,
    ...problem,
  }));
}

/** Merged levels are looked at once per mapping, and may say the same of the container each time. */
function unique(problems: Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

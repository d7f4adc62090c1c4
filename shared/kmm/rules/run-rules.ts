import type { CheckedModule } from '../checked-module.ts';
import type { Finding, Problem } from '../finding.ts';
import type { RuleSet } from './rule.ts';

/** What some rules find in a Module, each thing once. */
export function runRules(checked: CheckedModule, rules: readonly RuleSet[]): Finding[] {
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

import type { CheckedModule } from './checked-module.ts';
import type { Finding } from './finding.ts';
import { decidingRules } from './rules/deciding-rules.ts';
import { runRules } from './rules/run-rules.ts';

/** The findings that make a Module invalid. Functions need no more than these: the other rules stay out of their bundles. */
export function findErrors(checked: CheckedModule): Finding[] {
  return runRules(checked, decidingRules).filter(({ severity }) => severity === 'error');
}

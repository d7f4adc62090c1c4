import { applyDefaults } from './apply-defaults.ts';
import { toCheckedModule } from './checked-module.ts';
import type { Finding } from './finding.ts';
import { parseModule } from './parse-module.ts';
import { decidingRules } from './rules/deciding-rules.ts';
import { runRules } from './rules/run-rules.ts';
import { warningRules } from './rules/warning-rules.ts';

/** Every finding about a Module, errors and warnings, after its defaults are filled in. Never throws. */
export function lintModule(raw: unknown): Finding[] {
  const parsed = parseModule(raw);
  if (parsed.kind === 'invalid') return parsed.findings;
  const checked = toCheckedModule(applyDefaults(parsed.module), parsed.document);
  return runRules(checked, [...decidingRules, ...warningRules]);
}

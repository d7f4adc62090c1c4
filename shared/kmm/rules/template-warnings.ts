import type { ParsedTemplate } from '../template/parse-template.ts';
import { knownVariables } from '../template/template-variables.ts';
import { nearest } from './nearest.ts';
import { type Rule, ruleSet } from './rule.ts';
import { nodes, type Template, templates } from './template.ts';

const rule: Rule<Template> = {
  id: 'template-unknown-variable',
  severity: 'warning',
  why: ({ parsed }) => {
    const unknown = usedNames(parsed).find((name) => !knownVariables.includes(name));
    if (unknown === undefined) return undefined;
    if (unknown === 'DTK_AUTO') return "only OpenShift's own operator knows DTK_AUTO: write the image's name out";
    const close = nearest(unknown, knownVariables);
    const hint = close ? `did you mean ${close}?` : `there are ${knownVariables.join(', ')}`;
    return `the variable "${unknown}" does not exist and becomes the empty string: ${hint}`;
  },
};

export const templateWarnings = ruleSet(templates, [rule]);

/** Names whose absence leaves a hole: those with a default text of their own do not count. */
function usedNames(parsed: ParsedTemplate): string[] {
  return nodes(parsed).flatMap((node) => {
    if (node.kind === 'variable') return [node.name];
    if (node.kind === 'text') return [];
    const used = node.operators.some((operator) => /[-=]$/.test(operator)) && node.fallback ? [] : [node.name];
    return node.fallback?.kind === 'variable' ? [...used, node.fallback.name] : used;
  });
}

import { type ParsedTemplate, parseTemplate, type Substitution, type TemplateNode } from './parse-template.ts';
import type { TemplateVariables } from './template-variables.ts';

export type Rendered = { kind: 'rendered'; text: string } | { kind: 'invalid'; reason: string };

/** Replaces the variables of a template. One that does not exist becomes the empty string, as in KMM (lint warns). */
export function renderTemplate(template: string, variables: TemplateVariables): Rendered {
  return renderParsed(parseTemplate(template), variables);
}

/** As renderTemplate for a template that is parsed already. */
export function renderParsed(parsed: ParsedTemplate, variables: TemplateVariables): Rendered {
  if (parsed.kind === 'invalid') return parsed;
  const missing: string[] = [];
  const lookUp: LookUp = (name) => {
    if (variables.unavailable.has(name)) missing.push(name);
    return variables.values.get(name);
  };
  const text = parsed.nodes.map((node) => render(node, lookUp)).join('');
  if (missing[0] === undefined) return { kind: 'rendered', text };
  return { kind: 'invalid', reason: `${missing[0]} needs a kernel of at least three components, as 6.1.0` };
}

type LookUp = (name: string) => string | undefined;

function render(node: TemplateNode, lookUp: LookUp): string {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'variable':
      return lookUp(node.name) ?? '';
    case 'substitution':
      return substitute(node, lookUp);
  }
}

/** An operator without a text behind it counts for nothing. `:+` asks whether the variable is set, not for a value. */
function substitute(node: Substitution, lookUp: LookUp): string {
  const value = lookUp(node.name);
  const operator = node.operators.at(-1);
  const { fallback } = node;
  if (operator === undefined || fallback === undefined) return value ?? '';
  if (operator.endsWith('+')) return value === undefined ? '' : render(fallback, lookUp);
  const isAbsent = operator.startsWith(':') ? value === undefined || value === '' : value === undefined;
  return isAbsent ? render(fallback, lookUp) : (value ?? '');
}

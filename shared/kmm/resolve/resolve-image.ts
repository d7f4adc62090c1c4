import { readImageReference } from '../image-reference.ts';
import { renderTemplate } from '../template/render-template.ts';
import type { TemplateVariables } from '../template/template-variables.ts';

/** A part of a Module for one kernel, or why there is none. */
export type Part<Value> = { kind: 'resolved'; value: Value } | { kind: 'invalid'; error: string };

/** Replaces the variables of an image. What comes out must be a reference with a tag or digest: KMM never looks. */
export function resolveImage(field: string, template: string, variables: TemplateVariables): Part<string> {
  const rendered = renderTemplate(template, variables);
  if (rendered.kind === 'invalid') return { kind: 'invalid', error: `${field} "${template}": ${rendered.reason}` };
  const read = readImageReference(rendered.text);
  if (read.kind === 'invalid') return { kind: 'invalid', error: `${field} "${template}": ${read.reason}` };
  return { kind: 'resolved', value: rendered.text };
}

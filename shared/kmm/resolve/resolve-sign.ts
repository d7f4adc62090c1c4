import type { EffectiveMapping } from '../checked-module.ts';
import { whyNoFileToSign } from '../files-to-sign.ts';
import type { ResolvedSign } from '../module-loader-data.ts';
import { renderTemplate } from '../template/render-template.ts';
import type { TemplateVariables } from '../template/template-variables.ts';
import { optional } from './optional.ts';
import { type Part, resolveImage } from './resolve-image.ts';
import { toTls } from './to-tls.ts';

/** The signing of a mapping with its templates replaced; unlike in KMM, MOD_NAME and MOD_NAMESPACE are known in them. */
export function resolveSign(
  { sign, build }: EffectiveMapping,
  dirName: string,
  variables: TemplateVariables,
): Part<ResolvedSign | undefined> {
  if (sign === undefined) return { kind: 'resolved', value: undefined };
  const files = resolveFiles(sign.filesToSign ?? [], dirName, variables);
  if (files.kind === 'invalid') return files;
  const unsigned = resolveUnsigned(sign.unsignedImage, build !== undefined, variables);
  if (unsigned.kind === 'invalid') return unsigned;
  const value: ResolvedSign = {
    ...optional('unsignedImage', unsigned.value),
    unsignedImageRegistryTLS: toTls(sign.unsignedImageRegistryTLS),
    keySecret: sign.keySecret?.name ?? '',
    certSecret: sign.certSecret?.name ?? '',
    filesToSign: files.value,
  };
  return { kind: 'resolved', value };
}

function resolveFiles(templates: string[], dirName: string, variables: TemplateVariables): Part<string[]> {
  const files = new Set<string>();
  for (const template of templates) {
    const rendered = renderTemplate(template, variables);
    if (rendered.kind === 'invalid') return { kind: 'invalid', error: `filesToSign "${template}": ${rendered.reason}` };
    const error = whyNoFileToSign(rendered.text, dirName);
    if (error !== undefined) return { kind: 'invalid', error };
    files.add(rendered.text);
  }
  return { kind: 'resolved', value: [...files] };
}

/** With a build nothing reads it, so that it need not be a reference. */
function resolveUnsigned(template: string | undefined, isBuilt: boolean, variables: TemplateVariables): Part<string> {
  if (!template) return { kind: 'resolved', value: '' };
  if (!isBuilt) return resolveImage('unsignedImage', template, variables);
  const rendered = renderTemplate(template, variables);
  return rendered.kind === 'rendered'
    ? { kind: 'resolved', value: rendered.text }
    : { kind: 'invalid', error: `unsignedImage "${template}": ${rendered.reason}` };
}

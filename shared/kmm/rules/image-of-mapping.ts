import { normalizeKernelVersion } from '../../kernel/kernel-version.ts';
import type { EffectiveMapping } from '../checked-module.ts';
import { parseTemplate } from '../template/parse-template.ts';
import { renderParsed } from '../template/render-template.ts';
import { kernelVariables, templateVariables } from '../template/template-variables.ts';
import { type Rule, ruleSet } from './rule.ts';

const rules: Rule<EffectiveMapping>[] = [
  {
    id: 'image-digest-with-build',
    severity: 'warning',
    why: ({ image, build, sign }) =>
      image.includes('@') && (build || sign)
        ? 'nothing can be built or signed into a digest that is fixed beforehand: name the image by a tag'
        : undefined,
  },
  {
    id: 'build-image-without-kernel',
    severity: 'warning',
    why: ({ image, build, sign, mapping }) =>
      (build || sign) && mapping.regexp && !usesVariable(image, kernelVariables)
        ? 'all kernels of this regexp would be built into one image: put ${KERNEL_FULL_VERSION} into its tag'
        : undefined,
  },
  {
    id: 'kernel-components',
    severity: 'warning',
    why: ({ image, mapping }, { module, namespace }) => {
      const parsed = parseTemplate(image);
      if (!mapping.literal || parsed.kind === 'invalid') return undefined;
      const variables = templateVariables(
        { namespace, name: module.metadata.name },
        normalizeKernelVersion(mapping.literal),
      );
      const rendered = renderParsed(parsed, variables);
      return rendered.kind === 'invalid'
        ? `it can't be resolved for "${mapping.literal}": ${rendered.reason}`
        : undefined;
    },
  },
  {
    id: 'kernel-z-tail',
    severity: 'warning',
    why: ({ image, mapping }) =>
      usesVariable(image, ['KERNEL_Z', 'KERNEL_XYZ']) && mayHaveTail(mapping)
        ? 'on kernels with "+" or "~", KERNEL_Z and KERNEL_XYZ keep what follows (6.12.9+deb13-amd64 gives 6.12.9_deb13): use KERNEL_FULL_VERSION'
        : undefined,
  },
];

/** Rules on the image that a mapping ends up with, its own or the container's. */
export const imageOfMappingRules = ruleSet<EffectiveMapping>(
  ({ mappings }) =>
    mappings.map((subject) => ({
      path: subject.mapping.containerImage ? `${subject.path}.containerImage` : subject.path,
      subject,
    })),
  rules,
);

/** Whether the third component of a kernel of this mapping may hold a `+` or `~` and what follows. */
function mayHaveTail({ literal, regexp }: EffectiveMapping['mapping']): boolean {
  return literal ? /^[^.-]*[.-][^.-]*[.-][^.-]*[+~]./.test(literal) : /\\\+|\[\+\]|~/.test(regexp ?? '');
}

function usesVariable(template: string, names: readonly string[]): boolean {
  const parsed = parseTemplate(template);
  if (parsed.kind === 'invalid') return true;
  return parsed.nodes.some((node) => {
    if (node.kind === 'text') return false;
    const fallback = node.kind === 'substitution' && node.fallback?.kind === 'variable' ? node.fallback.name : '';
    return names.includes(node.name) || names.includes(fallback);
  });
}

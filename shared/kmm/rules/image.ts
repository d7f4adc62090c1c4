import { matchedKernelVersion, normalizeKernelVersion } from '../../kernel/kernel-version.ts';
import { type CheckedModule, containerPath, type EffectiveMapping } from '../checked-module.ts';
import { type ImageReference, readImageReference } from '../image-reference.ts';
import { parseTemplate } from '../template/parse-template.ts';
import { renderParsed } from '../template/render-template.ts';
import { kernelVariables, templateVariables } from '../template/template-variables.ts';
import { type Located, type Rule, ruleSet } from './rule.ts';

/** Stands for the kernels that a regexp takes. */
const sampleKernel = '6.0.15-300.fc37.x86_64';

/** An image as one kernel gets it. */
interface Image {
  template: string;
  kernelVersion: string;
}

const rules: Rule<Image>[] = [
  ...(['image-tag', 'image-reference'] as const).map(
    (id): Rule<Image> => ({
      id,
      severity: 'error',
      why: (image, { module, namespace }) => {
        const read = readImage(image, { namespace, name: module.metadata.name });
        return read?.kind === 'invalid' && read.rule === id ? read.reason : undefined;
      },
    }),
  ),
  {
    id: 'image-short-name',
    severity: 'warning',
    why: (image, { module, namespace }) => {
      const read = readImage(image, { namespace, name: module.metadata.name });
      if (read?.kind !== 'valid' || read.parts.explicit.registry) return undefined;
      return `"${image.template}" names no registry and so means Docker Hub: write docker.io/… if that is meant`;
    },
  },
];

const mappingImageRules: Rule<EffectiveMapping>[] = [
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
      if (!mapping.literal || mapping.regexp) return undefined;
      const rendered = render(
        { template: image, kernelVersion: mapping.literal },
        { namespace, name: module.metadata.name },
      );
      return rendered.kind === 'invalid' && parseTemplate(image).kind === 'parsed'
        ? `it can't be resolved for "${mapping.literal}": ${rendered.reason}`
        : undefined;
    },
  },
  {
    id: 'kernel-z-tail',
    severity: 'warning',
    why: ({ image, mapping }) => {
      if (!usesVariable(image, ['KERNEL_Z', 'KERNEL_XYZ'])) return undefined;
      const hasTail = mapping.literal
        ? /^[^.,-]*[.-][^.-]*[.-][^.-]*[+~]./.test(mapping.literal)
        : /\\\+|\[\+\]|~/.test(mapping.regexp ?? '');
      if (!hasTail) return undefined;
      return 'on kernels with "+" or "~", KERNEL_Z and KERNEL_XYZ keep what follows (6.12.9+deb13-amd64 gives 6.12.9_deb13): use KERNEL_FULL_VERSION';
    },
  },
];

export const imageRules = ruleSet<Image>((checked) => [...containerImages(checked), ...unsignedImages(checked)], rules);

export const imageOfMappingRules = ruleSet<EffectiveMapping>(
  ({ mappings }) =>
    mappings.map((subject) => ({
      path: subject.mapping.containerImage ? `${subject.path}.containerImage` : subject.path,
      subject,
    })),
  mappingImageRules,
);

function containerImages({ container, mappings }: CheckedModule): Located<Image>[] {
  const own = container?.containerImage
    ? [
        {
          path: `${containerPath}.containerImage`,
          subject: { template: container.containerImage, kernelVersion: sampleKernel },
        },
      ]
    : [];
  return [
    ...own,
    ...mappings.flatMap(({ path, mapping }) =>
      mapping.containerImage
        ? [
            {
              path: `${path}.containerImage`,
              subject: { template: mapping.containerImage, kernelVersion: mapping.literal || sampleKernel },
            },
          ]
        : [],
    ),
  ];
}

/** A build makes `unsignedImage` moot, so that only the others count. */
function unsignedImages({ mappings }: CheckedModule): Located<Image>[] {
  return mappings.flatMap(({ path, mapping, build, sign }) => {
    if (build || !sign?.unsignedImage) return [];
    const at = mapping.sign?.unsignedImage ? path : containerPath;
    return [
      {
        path: `${at}.sign.unsignedImage`,
        subject: { template: sign.unsignedImage, kernelVersion: mapping.literal || sampleKernel },
      },
    ];
  });
}

function readImage(image: Image, module: { namespace: string; name: string }): ImageReference | undefined {
  const rendered = render(image, module);
  return rendered.kind === 'rendered' ? readImageReference(rendered.text) : undefined;
}

function render({ template, kernelVersion }: Image, module: { namespace: string; name: string }) {
  const variables = templateVariables(module, normalizeKernelVersion(matchedKernelVersion(kernelVersion)));
  return renderParsed(parseTemplate(template), variables);
}

function usesVariable(template: string, names: readonly string[]): boolean {
  const parsed = parseTemplate(template);
  if (parsed.kind === 'invalid') return true;
  return parsed.nodes.some(
    (node) =>
      (node.kind !== 'text' && names.includes(node.name)) ||
      (node.kind === 'substitution' && node.fallback?.kind === 'variable' && names.includes(node.fallback.name)),
  );
}

import { normalizeKernelVersion } from '../../kernel/kernel-version.ts';
import { type CheckedModule, containerPath } from '../checked-module.ts';
import { type ImageReference, readImageReference, whyShortName } from '../image-reference.ts';
import { parseTemplate } from '../template/parse-template.ts';
import { renderParsed } from '../template/render-template.ts';
import { templateVariables } from '../template/template-variables.ts';
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
      const rendered = render(image, { namespace, name: module.metadata.name });
      return rendered.kind === 'rendered' ? whyShortName(rendered.text) : undefined;
    },
  },
];

export const imageRules = ruleSet<Image>((checked) => [...containerImages(checked), ...unsignedImages(checked)], rules);

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
  const variables = templateVariables(module, normalizeKernelVersion(kernelVersion));
  return renderParsed(parseTemplate(template), variables);
}

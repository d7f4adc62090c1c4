import { type CelRule, celRegexp } from '../cel-rule.ts';
import { eachMapping } from './container.ts';
import { endlessDefault, openBrace, reference, tagged, template } from './patterns.ts';

/** At each text with variables. */
export const templateRules: readonly CelRule[] = [
  {
    id: 'template-syntax',
    rule: `!self.matches(${celRegexp(openBrace)})`,
    says: 'the template can\'t be read: a "${" is not closed by "}"',
  },
  {
    id: 'template-endless-default',
    rule: `!self.matches(${celRegexp(endlessDefault)})`,
    says: 'a default holds "$_", on which KMM never ends: write plain text',
  },
  {
    id: 'template-shell-form',
    rule: `self.matches(${celRegexp(template)})`,
    says: 'only $VAR, ${VAR} and ${VAR:-text} (also - = := + :+) are known, no other shell form: write the text out',
  },
];

const tagSays = 'image has neither a tag nor a digest: write one, as in registry.example/kmod:${KERNEL_FULL_VERSION}';
const referenceSays = "image reference can't be read: write registry/repository:tag, the repository in lower case";

/** At an image of the loader; empty means unset. */
export const imageRules: readonly CelRule[] = [
  ...templateRules,
  { id: 'image-tag', rule: `self == '' || self.matches(${celRegexp(tagged)})`, says: tagSays },
  { id: 'image-reference', rule: `self == '' || self.matches(${celRegexp(reference)})`, says: referenceSays },
];

/** At the container, for the image of each mapping that is signed without a build; with one it is moot. */
export const unsignedImageRules: readonly CelRule[] = [
  { id: 'image-tag', rule: eachUnsigned(tagged), says: `an unsigned ${tagSays}` },
  { id: 'image-reference', rule: eachUnsigned(reference), says: `an unsigned ${referenceSays}` },
];

function eachUnsigned(pattern: string): string {
  const matches = (image: string) => `${image}.matches(${celRegexp(`^$|${pattern}`)})`;
  const [own, container] = ['m.sign.unsignedImage', 'self.sign.unsignedImage'];
  return eachMapping(
    [
      'has(self.build) || has(m.build)',
      `(has(m.sign) && has(${own}) && ${own} != '' ? ${matches(own)} : !has(self.sign) || !has(${container}) || ${matches(container)})`,
    ].join(' || '),
  );
}

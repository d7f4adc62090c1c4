import type { CelRule } from '../cel-rule.ts';
import { eachMapping } from './container.ts';

/** A rule on every mapping that is signed, by what its own level and the container's say together. */
function eachSigned(condition: string): string {
  return eachMapping(`!has(self.sign) && !has(m.sign) || ${condition}`);
}

/** The mapping's wins when it is there at all, even without a name. */
function secretName(field: string): string {
  return `(has(m.sign) && has(m.sign.${field}) ? m.sign.${field}.?name.orValue('') : self.?sign.?${field}.?name.orValue('')) != ''`;
}

const hasFiles = (level: string) => `has(${level}.sign) && has(${level}.sign.filesToSign)`;

/** Whether all files of a level lie in `d`. Slashes at its end don't count; two of them are lint's affair. */
function allInside(level: string): string {
  const isInside = "f.startsWith(d.endsWith('/') ? d : d + '/') || d.endsWith('//')";
  return `!(${hasFiles(level)}) || ${level}.sign.filesToSign.all(f, ${isInside})`;
}

/** At the container, which alone sees both levels. */
export const signRules: readonly CelRule[] = [
  {
    id: 'sign-files-required',
    rule: eachSigned(
      ['self', 'm'].map((level) => `${hasFiles(level)} && ${level}.sign.filesToSign.size() > 0`).join(' || '),
    ),
    says: 'required: the paths in the image of the kernel objects to sign (globs may be used)',
    at: '.sign',
  },
  {
    id: 'sign-key-required',
    rule: eachSigned(secretName('keySecret')),
    says: 'required: name the Secret whose key "key" holds the private key',
    at: '.sign',
  },
  {
    id: 'sign-cert-required',
    rule: eachSigned(secretName('certSecret')),
    says: 'required: name the Secret whose key "cert" holds the certificate',
    at: '.sign',
  },
  {
    id: 'sign-source-required',
    rule: eachSigned(
      "has(self.build) || has(m.build) || m.?sign.?unsignedImage.orValue('') != '' || self.?sign.?unsignedImage.orValue('') != ''",
    ),
    says: 'required without a build: name the image whose kernel objects shall be signed',
    at: '.sign',
  },
  {
    id: 'sign-file-outside',
    rule: `!has(self.modprobe) || !has(self.modprobe.dirName) || [self.modprobe.dirName].all(d, (${allInside('self')}) && (${eachMapping(allInside('m'))}))`,
    says: 'a file to sign is not under modprobe.dirName ({}): correct one of the two',
    value: 'self.modprobe.dirName',
    at: '.sign',
  },
];

/** At each path of a file. No regexp: there may be 64 paths in each of 1,000 mappings. */
export const signFileRules: readonly CelRule[] = [
  {
    id: 'sign-file-escapes',
    rule: "!self.contains('/../') && !self.endsWith('/..')",
    says: '"{}" leaves its directory: write the path without ".."',
    value: 'self',
  },
];

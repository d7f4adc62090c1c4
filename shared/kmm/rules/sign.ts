import { type CheckedModule, containerPath, type EffectiveMapping } from '../checked-module.ts';
import { isUnder } from '../files-to-sign.ts';
import type { Sign } from '../module.ts';
import { eachOf, type Located, one, type Rule, ruleSet } from './rule.ts';

/** What signs one mapping, both levels merged: a level that only overrides need not repeat the other. */
type Signed = EffectiveMapping & { sign: Sign };

const rules: Rule<Signed>[] = [
  {
    id: 'sign-files-required',
    severity: 'error',
    at: 'filesToSign',
    why: ({ sign }) =>
      sign.filesToSign?.length
        ? undefined
        : 'required: the paths in the image of the kernel objects to sign (globs may be used)',
  },
  {
    id: 'sign-key-required',
    severity: 'error',
    at: 'keySecret.name',
    why: ({ sign }) =>
      sign.keySecret?.name ? undefined : 'required: name the Secret whose key "key" holds the private key',
  },
  {
    id: 'sign-cert-required',
    severity: 'error',
    at: 'certSecret.name',
    why: ({ sign }) =>
      sign.certSecret?.name ? undefined : 'required: name the Secret whose key "cert" holds the certificate',
  },
  {
    id: 'sign-source-required',
    severity: 'error',
    at: 'unsignedImage',
    why: ({ sign, build }) =>
      build || sign.unsignedImage
        ? undefined
        : 'required without a build: name the image whose kernel objects shall be signed',
  },
];

const fileRules: Rule<string>[] = [
  {
    id: 'sign-file-outside',
    severity: 'error',
    why: (file, { container }) => {
      const dirName = container?.modprobe?.dirName ?? '';
      return isUnder(file, dirName)
        ? undefined
        : `"${file}" is not under modprobe.dirName (${dirName}): correct one of the two`;
    },
  },
  {
    id: 'sign-file-escapes',
    severity: 'error',
    why: (file) =>
      file.split('/').includes('..') ? `"${file}" leaves its directory: write the path without ".."` : undefined,
  },
];

const levelRule: Rule<Sign> = {
  id: 'sign-level-incomplete',
  severity: 'warning',
  why: ({ keySecret, certSecret }, { mappings }) =>
    (keySecret && certSecret) || !mappings.some(({ sign }) => sign?.keySecret && sign.certSecret)
      ? undefined
      : "keySecret and certSecret are not both here: the other level's are taken, but KMM's own CRD wants them in each",
};

const levels = ({ container, mappings }: CheckedModule): Located<Sign>[] => [
  ...one(`${containerPath}.sign`, container?.sign),
  ...mappings.flatMap(({ path, mapping }) => one(`${path}.sign`, mapping.sign)),
];

export const signLevelRules = ruleSet(levels, [levelRule]);

export const signRules = ruleSet<Signed>(
  ({ mappings }) =>
    mappings.flatMap((effective) => {
      const { sign, mapping, path } = effective;
      if (sign === undefined) return [];
      return [{ path: `${mapping.sign ? path : containerPath}.sign`, subject: { ...effective, sign } }];
    }),
  rules,
);

export const signFileRules = ruleSet(
  (checked) => levels(checked).flatMap(({ path, subject }) => eachOf(`${path}.filesToSign`, subject.filesToSign)),
  fileRules,
);

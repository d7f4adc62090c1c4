import { type CelRule, celRegexp } from '../cel-rule.ts';
import { qualifiedName } from './patterns.ts';

const isLabelKey = (key: string) => `${key}.matches(${celRegexp(qualifiedName)}) && ${key}.indexOf('/') <= 253`;

export const specRules: readonly CelRule[] = [
  {
    id: 'selector-required',
    rule: 'has(self.selector)',
    says: 'required: name the labels of the nodes that shall get the module, as node-role.kubernetes.io/worker: ""',
    at: '.selector',
    required: true,
  },
  {
    id: 'dra-and-device-plugin',
    rule: '!(has(self.dra) && has(self.devicePlugin))',
    says: 'dra and devicePlugin exclude each other: keep one of them',
    at: '.dra',
  },
  {
    // `oldSelf` makes it a rule for changes only. Whoever takes moduleLoader away and puts it back starts anew, as in KMM.
    id: 'version-kept',
    rule: [
      '[self, oldSelf].exists(s, !has(s.moduleLoader) || !has(s.moduleLoader.container)) ||',
      "(self.moduleLoader.container.?version.orValue('') == '') == (oldSelf.moduleLoader.container.?version.orValue('') == '')",
    ].join(' '),
    says: "version can't be added to a Module that has none, nor taken away: nodes would lose their module. Make a new Module",
    at: '.moduleLoader.container.version',
  },
];

export const selectorRules: readonly CelRule[] = [
  {
    id: 'selector-key',
    rule: `self.all(k, ${isLabelKey('k')})`,
    says: '"{}" is no label key: write [domain/]name',
    value: `self.filter(k, !(${isLabelKey('k')}))[0]`,
  },
];

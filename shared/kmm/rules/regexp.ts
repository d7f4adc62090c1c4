import type { EffectiveMapping } from '../checked-module.ts';
import { type Rule, ruleSet } from './rule.ts';

/** `\f` and its like stand for control characters, and so do the characters themselves (YAML's "\f"). */
const controlEscape = /(?<!\\)(?:\\\\)*(\\[aftnrv]\w*)/;

const rules: Rule<string>[] = [
  {
    id: 'regexp-control-character',
    severity: 'warning',
    why: (regexp) => {
      const sign = controlEscape.exec(regexp)?.[1];
      if (sign === undefined && !hasControlCharacter(regexp)) return undefined;
      const meant = sign === undefined ? '' : `: did you mean "\\.${sign.slice(1)}"?`;
      return `${sign ?? 'it'} holds a control character, which no kernel's name has${meant}`;
    },
  },
  {
    id: 'regexp-unescaped-dot',
    severity: 'warning',
    why: (regexp) =>
      /\d\.\d/.test(withoutClasses(regexp))
        ? 'a "." takes any character (6.1 takes 6x1 and 651 too): write "\\."'
        : undefined,
  },
  {
    id: 'regexp-unanchored-start',
    severity: 'warning',
    why: (regexp) =>
      /^\d/.test(regexp)
        ? 'it is found anywhere, so 5\\.1 takes 15.1 too: begin with "^" to match from the start'
        : undefined,
  },
  {
    id: 'regexp-unanchored-end',
    severity: 'warning',
    why: (regexp) =>
      /(?:^|\\\.|\.|-)\d+$/.test(regexp)
        ? 'nothing ends the last number, so 5\\.1 takes 5.15 too: go on with "\\." or "-", or end with "$"'
        : undefined,
  },
  {
    id: 'regexp-anchored-branch',
    severity: 'warning',
    why: (regexp) => {
      const branches = regexp.split('|');
      const isFlat = branches.length > 1 && !/[()[\]]/.test(regexp);
      const isUneven =
        branches.some((branch) => branch.startsWith('^')) && branches.some((branch) => !branch.startsWith('^'));
      return isFlat && isUneven ? '"^" holds for its own branch of "|" only: write ^(a|b)$' : undefined;
    },
  },
  {
    id: 'regexp-trailing-plus',
    severity: 'warning',
    why: (regexp) =>
      /(?:\\\+|\[\+\])\$?$/.test(regexp)
        ? 'one "+" at the end of a kernel is cut before matching, so this hardly ever matches: leave it out'
        : undefined,
  },
];

const literalRules: Rule<string>[] = [
  {
    id: 'literal-trailing-plus',
    severity: 'warning',
    why: (literal) =>
      literal.endsWith('+')
        ? 'one "+" at the end of a kernel is cut before matching, so this takes no kernel with one: leave it out'
        : undefined,
  },
  {
    id: 'literal-no-kernel',
    severity: 'warning',
    why: (literal) =>
      /^[A-Za-z0-9._+~-]{1,64}$/.test(literal)
        ? undefined
        : 'no kernel is called that (literal means equality with `uname -r`): use regexp for a pattern',
  },
];

const of =
  (field: 'literal' | 'regexp') =>
  ({ mappings }: { mappings: EffectiveMapping[] }) =>
    mappings.flatMap(({ path, mapping }) =>
      mapping[field] ? [{ path: `${path}.${field}`, subject: mapping[field] }] : [],
    );

export const regexpRules = ruleSet<string>(of('regexp'), rules);
export const literalKernelRules = ruleSet<string>(of('literal'), literalRules);

function hasControlCharacter(text: string): boolean {
  return [...text].some((rune) => rune < ' ' || rune === '\u007f');
}

function withoutClasses(regexp: string): string {
  return regexp.replace(/\\./g, '\\').replace(/\[[^\]]*\]/g, '[]');
}

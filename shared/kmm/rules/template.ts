import { type CheckedModule, containerPath } from '../checked-module.ts';
import {
  type ParsedTemplate,
  parseTemplate,
  type Substitution,
  type TemplateNode,
} from '../template/parse-template.ts';
import { eachOf, type Located, one, type Rule, ruleSet } from './rule.ts';

const word = /^[\p{L}\p{Nd}_]+$/u;
/** `$_` is no variable, and in a default nearly always the end of KMM's engine. */
const loneUnderscore = /\$_(?![\p{L}\p{Nd}_])/u;
const longestTemplate = 4096;

/** A template with its reading. */
export interface Template {
  text: string;
  parsed: ParsedTemplate;
}

const rules: Rule<Template>[] = [
  {
    id: 'template-syntax',
    severity: 'error',
    why: ({ text, parsed }) => {
      if (text.length > longestTemplate) return `longer than ${longestTemplate} characters: shorten it`;
      return parsed.kind === 'invalid' ? `the template can't be read: ${parsed.reason}` : undefined;
    },
  },
  {
    id: 'template-endless-default',
    severity: 'error',
    why: ({ parsed }) =>
      substitutions(parsed).some(({ fallback }) => fallback?.kind === 'text' && loneUnderscore.test(fallback.text))
        ? 'a default holds "$_", on which KMM never ends: write plain text'
        : undefined,
  },
  {
    id: 'template-shell-form',
    severity: 'error',
    why: ({ parsed }) => {
      const odd = substitutions(parsed).find(isShellForm);
      const braces = nodes(parsed).some((node) => node.kind === 'text' && node.text === '${');
      if (odd === undefined && !braces) return undefined;
      return `only $VAR, \${VAR} and \${VAR:-text} (also - = := + :+) are known, no other shell form${odd ? ` as the one with "${odd.name}"` : ''}: write the text out`;
    },
  },
];

export const templateRules = ruleSet<Template>(templates, rules);

/** Every template of the Module; the levels stand for themselves. */
export function templates({ container, mappings }: CheckedModule): Located<Template>[] {
  const levels = [
    { path: containerPath, level: container },
    ...mappings.map(({ path, mapping }) => ({ path, level: mapping })),
  ];
  return levels
    .flatMap(({ path, level }) => [
      ...one(`${path}.containerImage`, level?.containerImage),
      ...one(`${path}.sign.unsignedImage`, level?.sign?.unsignedImage),
      ...eachOf(`${path}.sign.filesToSign`, level?.sign?.filesToSign),
    ])
    .map(({ path, subject: text }) => ({ path, subject: { text, parsed: parseBounded(text) } }));
}

function parseBounded(text: string): ParsedTemplate {
  return text.length > longestTemplate ? { kind: 'parsed', nodes: [] } : parseTemplate(text);
}

export function nodes(parsed: ParsedTemplate): TemplateNode[] {
  return parsed.kind === 'parsed' ? parsed.nodes : [];
}

function substitutions(parsed: ParsedTemplate): Substitution[] {
  return nodes(parsed).filter((node) => node.kind === 'substitution');
}

/** Anything that a shell understands and the engine silently reads as something else. */
function isShellForm({ name, operators, fallback }: Substitution): boolean {
  if (!word.test(name) || operators.length > 1) return true;
  if (fallback?.kind === 'variable' && !word.test(fallback.name)) return true;
  return fallback !== undefined && operators.length === 0;
}

import { type Token, tokenizeTemplate } from './tokenize-template.ts';

export type TemplateNode = { kind: 'text'; text: string } | { kind: 'variable'; name: string } | Substitution;

/** `${name}` with what stands behind the name. More than one operator is no shell form; the last one counts. */
export interface Substitution {
  kind: 'substitution';
  name: string;
  operators: string[];
  fallback?: { kind: 'text'; text: string } | { kind: 'variable'; name: string };
}

export type ParsedTemplate = { kind: 'parsed'; nodes: TemplateNode[] } | { kind: 'invalid'; reason: string };

/** Parses a template in the grammar of KMM's engine. Where that engine would never return, this says so instead. */
export function parseTemplate(template: string): ParsedTemplate {
  const tokens = tokenizeTemplate(template);
  if (tokens.at(-1)?.kind === 'unclosed') return { kind: 'invalid', reason: 'a "${" is not closed by "}"' };
  const nodes: TemplateNode[] = [];
  for (let at = 0; at < tokens.length; ) {
    const read = readNode(tokens, at);
    if (read === undefined) return { kind: 'invalid', reason: 'a default that holds "$_" never ends' };
    nodes.push(read.node);
    at = read.next;
  }
  return { kind: 'parsed', nodes };
}

interface Read {
  node: TemplateNode;
  next: number;
}

function readNode(tokens: Token[], at: number): Read | undefined {
  const token = tokens[at];
  if (token === undefined) return undefined;
  if (token.kind === 'open' && tokens[at + 1]?.kind === 'variable') return readSubstitution(tokens, at + 1);
  return { node: token.kind === 'variable' ? variableOf(token) : { kind: 'text', text: token.text }, next: at + 1 };
}

/** Reads from the name up to and with the closing brace; undefined when there is none. */
function readSubstitution(tokens: Token[], from: number): Read | undefined {
  const node: Substitution = { kind: 'substitution', name: tokens[from]?.text ?? '', operators: [] };
  for (let at = from + 1; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) return undefined;
    if (token.kind === 'close') return { node, next: at + 1 };
    if (token.kind === 'variable') node.fallback = variableOf(token);
    else if (token.kind === 'text') {
      const end = closeAfter(tokens, at);
      node.fallback = { kind: 'text', text: textOf(tokens.slice(at, end)) };
      at = end - 1;
    } else node.operators.push(token.text);
  }
  return undefined;
}

/** Once text has begun all up to the brace belongs to it, variables and operators too. */
function closeAfter(tokens: Token[], at: number): number {
  let end = at;
  while (end < tokens.length && tokens[end]?.kind !== 'close') end++;
  return end;
}

function variableOf(token: Token): { kind: 'variable'; name: string } {
  return { kind: 'variable', name: token.text.replace(/^\$/, '') };
}

function textOf(tokens: Token[]): string {
  return tokens.map((token) => token.text).join('');
}

import { LineCounter, parseAllDocuments, type ScalarTag } from 'yaml';
import { UsageError } from '../errors.ts';
import type { Source } from './read-sources.ts';

/** One document of a source; `line` is where it starts. */
export interface ParsedDocument {
  value: unknown;
  line: number;
}

/** Each use of an alias copies a part of the document: a few lines could become gigabytes. */
const maxAliases = 100;

/**
 * kubectl reads YAML 1.1's words for true and false, so `version: on` is no text there either.
 * https://yaml.org/type/bool.html
 */
const words: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: /^(?:[Yy]|[Yy]es|YES|[Nn]|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF)$/,
  resolve: (text) => /^(?:y|yes|on)$/i.test(text),
};

/** Reads YAML (many documents) or JSON. Throws UsageError that says where: `file:line:column: what`. */
export function parseDocuments({ name, text }: Source): ParsedDocument[] {
  return parseJson(text) ?? parseYaml(name, text);
}

/** The fast way for the usual dump; undefined when it is no JSON, or broken: then YAML's parser says where. */
function parseJson(text: string): ParsedDocument[] | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return [{ value: JSON.parse(text), line: 1 }];
  } catch {
    return undefined;
  }
}

function parseYaml(name: string, text: string): ParsedDocument[] {
  const lineCounter = new LineCounter();
  const at = (offset: number) => lineCounter.linePos(offset);
  const parse = () => parseAllDocuments(text, { lineCounter, prettyErrors: false, merge: true, customTags: [words] });
  return orTooDeep(name, () =>
    [...parse()].flatMap((document) => {
      const error = document.errors[0];
      if (error !== undefined) {
        const { line, col } = at(error.pos[0]);
        throw new UsageError(`${name}:${line}:${col}: ${error.message}`);
      }
      if (document.contents === null) return [];
      const { line } = at(document.contents.range?.[0] ?? 0);
      return [{ value: toValue(name, line, () => document.toJS({ maxAliasCount: maxAliases })), line }];
    }),
  );
}

function toValue(name: string, line: number, read: () => unknown): unknown {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause;
    throw new UsageError(`${name}:${line}: ${cause.message}: write the aliased parts out.`, { cause });
  }
}

/** The parser goes down the document by recursion. */
function orTooDeep<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UsageError(`${name}: nested too deeply.`, { cause });
  }
}

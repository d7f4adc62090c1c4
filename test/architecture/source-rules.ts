import { withoutComments } from './imports.ts';
import { codeFolders, pureRooms } from './rooms.ts';

/** Something that code of some folders must not say, and what to do instead. */
type SourceRule = { folders: readonly string[]; pattern: RegExp; instead: string };

const pure = 'in a pure room it comes as an argument';

export const sourceRules: readonly SourceRule[] = [
  { folders: pureRooms, pattern: /\bprocess\s*[.[]/, instead: `no process (env, clock, argv): ${pure}` },
  { folders: pureRooms, pattern: /\b(Date\.now|performance\.now)\b/, instead: `no clock: ${pure}` },
  { folders: pureRooms, pattern: /\bnew Date\(\s*\)|(?<!new )\bDate\(\)/, instead: `no clock: ${pure}` },
  {
    folders: pureRooms,
    pattern: /\b(Math\.random|randomUUID|randomBytes|randomInt|getRandomValues)\b/,
    instead: `no randomness: ${pure}`,
  },
  {
    folders: pureRooms,
    pattern: /\b(fetch|setTimeout|setInterval|setImmediate)\(|\bconsole\./,
    instead: 'no effects in a pure room: return data, let a step or an adapter act',
  },
  { folders: codeFolders, pattern: /^export default\b/m, instead: 'no default export: name it' },
  {
    folders: codeFolders,
    pattern: /^(export )?(declare )?(const )?(enum|namespace) \w/m,
    instead: 'no enum or namespace: a union of literals, a file',
  },
];

/** What a file says that it must not, one sentence each. */
export function judgeSource(path: string, source: string): string[] {
  const code = withoutComments(source);
  return sourceRules
    .filter(({ folders }) => folders.some((folder) => path.startsWith(`${folder}/`)))
    .flatMap(({ pattern, instead }) => {
      const found = pattern.exec(code);
      return found === null ? [] : [`${path}: holds "${found[0].trim()}": ${instead}`];
    });
}

/** A file longer than this holds more than one idea. */
const longest = 220;

/** Files that may be longer, each with the reason; empty is best. */
const mayBeLonger: Record<string, string> = {};

export function judgeLength(path: string, source: string): string[] {
  const lines = source.split('\n').length - 1;
  if (lines <= longest || mayBeLonger[path] !== undefined) return [];
  return [`${path}: ${lines} lines, more than ${longest}: split it by ideas`];
}

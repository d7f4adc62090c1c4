import { posix } from 'node:path';
import { type Room, rooms } from './rooms.ts';

/** Code without its comments, so that prose about a call is not taken for the call. */
export function withoutComments(source: string): string {
  return source.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

/**
 * What a file imports: static, type-only, re-exported and dynamic. A scanner of our own because esbuild's metafile knows
 * no type-only imports; it relies on the formatter (a statement begins its line).
 */
export function findImports(source: string): string[] {
  const code = withoutComments(source);
  const forms = [
    /^(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]/gm,
    /^import\s*['"]([^'"]+)['"]/gm,
    /\b(?:import|require|require\.resolve|import\.meta\.resolve)\(\s*['"`]([^'"`]+)['"`]/g,
  ];
  return forms.flatMap((form) => [...code.matchAll(form)].map((match) => match[1] ?? ''));
}

/** Why this file may not import what it imports, one sentence each; empty when all is well. */
export function judgeImports(path: string, source: string): string[] {
  const home = findRoom(path);
  if (home === undefined) return [`${path}: lies in no room of the house (test/architecture/rooms.ts lists them)`];
  return findImports(source).flatMap((specifier) => {
    const why = specifier.startsWith('.')
      ? judgeFile(path, home, posix.join(posix.dirname(path), specifier))
      : judgePackage(home, specifier);
    return why === undefined ? [] : [`${path}: imports ${specifier}, but ${why}`];
  });
}

function judgeFile(path: string, home: Room, target: string): string | undefined {
  if (!/\.(ts|json|mjs)$/.test(target)) return 'imports name the file with its extension';
  if (findRoom(target) === undefined) return target === 'package.json' ? undefined : 'that is outside the house';
  if (home.rooms === 'any') return undefined;
  // A function is a world of its own: what two of them share lies in shared/.
  const ownFolder = home.room === 'functions' ? path.split('/').slice(0, 2).join('/') : home.room;
  if ([ownFolder, ...home.rooms].some((room) => isInside(room, target))) return undefined;
  return `${home.room} may import only files of ${home.rooms.join(', ')}`;
}

function judgePackage({ room, packages }: Room, specifier: string): string | undefined {
  if (packages === 'any' || packages.some((allowed) => isPackage(allowed, specifier))) return undefined;
  return `${room} may import only the packages ${packages.join(', ') || '(none)'}`;
}

function isPackage(allowed: string, specifier: string): boolean {
  if (allowed.endsWith('*')) return specifier.startsWith(allowed.slice(0, -1));
  return specifier === allowed || specifier.startsWith(`${allowed}/`);
}

function findRoom(path: string): Room | undefined {
  return rooms.find(({ room }) => isInside(room, path));
}

function isInside(folder: string, path: string): boolean {
  return path.startsWith(`${folder}/`);
}

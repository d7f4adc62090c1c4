import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The checkout. */
export const root = join(import.meta.dirname, '../..');

const notOurs = /(^|\/)(node_modules|dist|\.git|\.serverless|\.cache|coverage)$/;

/** Every file under a folder of the checkout, as sorted paths from its root; no git, so that a copied tree will do. */
export function listFiles(folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (notOurs.test(path)) return [];
      if (entry.isDirectory()) return listFiles(path);
      return entry.isFile() ? [path] : [];
    })
    .sort();
}

/** Our TypeScript, as path and text. */
export function listSources(...folders: string[]): { path: string; source: string }[] {
  return listFiles()
    .filter((path) => path.endsWith('.ts') && folders.some((folder) => path.startsWith(`${folder}/`)))
    .map((path) => ({ path, source: read(path) }));
}

/** The text of a file of the checkout. */
export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * Every schema of zod can write itself as JSON Schema, which no function asks for: those two files are replaced by ones of
 * the same exports that throw. 5 KiB of a bundle after gzip.
 */
export const withoutJsonSchema: Plugin = {
  name: 'without-json-schema',
  setup(build) {
    build.onLoad({ filter: /\/zod\/v4\/core\/(json-schema-processors|to-json-schema)\.js$/ }, async ({ path }) => ({
      contents: refuseAll(await readFile(path, 'utf8')),
    }));
  },
};

/** A name that this misses is a build error: esbuild finds no export for its import. */
function refuseAll(source: string): string {
  const names = [...source.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => `refuse as ${name}`);
  return `const refuse = () => { throw new Error('zod: this bundle makes no JSON Schema'); };
export { ${names.join(', ')} };`;
}

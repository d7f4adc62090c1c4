import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * Fits zod to functions, where a cold start pays for every byte and every schema:
 * - No JSON Schema: each schema could write itself as one, which nobody asks for. 5 KiB after gzip.
 * - No memory of what was parsed: it is there for input that holds itself, which JSON can't. 1 KiB, and a wrapper around
 *   each object's and array's parse.
 * - Schemas are interpreted: zod would make code of each object's schema at its first parse, 10 ms of CPU for the dozen
 *   objects of a cold start; over thousands of nodes the code gains nothing that can be measured.
 */
export const leanZod: Plugin = {
  name: 'lean-zod',
  setup(build) {
    const replace = (file: RegExp, contents: (source: string) => string) =>
      build.onLoad({ filter: file }, async ({ path }) => ({ contents: contents(await readFile(path, 'utf8')) }));
    replace(/\/zod\/v4\/core\/(json-schema-processors|to-json-schema)\.js$/, (source) =>
      stub(source, "() => { throw new Error('zod: this bundle makes no JSON Schema'); }"),
    );
    replace(/\/zod\/v4\/core\/memoizer\.js$/, (source) => stub(source, '() => undefined'));
    // Here, where its settings are made: a schema keeps those that held when it was defined.
    replace(/\/zod\/v4\/core\/core\.js$/, (source) => `${source}\nconfig({ jitless: true });\n`);
  },
};

/** A module of the same exports. A name that this misses is a build error: esbuild finds no export for its import. */
function stub(source: string, instead: string): string {
  const names = [...source.matchAll(/^export (?:const|function|class) ([\w$]+)/gm)].map(
    ([, name]) => `stub as ${name}`,
  );
  return `const stub = ${instead};\nexport { ${names.join(', ')} };`;
}

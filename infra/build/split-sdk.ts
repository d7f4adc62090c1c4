import { basename, dirname, resolve } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Keeps AWS clients out of a main file: an adapter names the SDK only in its file `sdk.ts`, which it loads by
 * `await import('./sdk.ts')`; that file is noted in `found` (output file → source file) and becomes a file of its own
 * beside the main one, required on first use. Parsing a client costs as much CPU as starting Node does.
 */
export function splitSdk(found: Map<string, string>): Plugin {
  return {
    name: 'split-sdk',
    setup(build) {
      build.onResolve({ filter: /^\.{1,2}\/(.*\/)?sdk\.ts$/ }, ({ path, kind, resolveDir }) => {
        if (kind !== 'dynamic-import') return { errors: [{ text: `${path} must be loaded by a dynamic import` }] };
        const source = resolve(resolveDir, path);
        const file = `${basename(dirname(source))}-sdk.cjs`;
        found.set(file, source);
        return { path: `./${file}`, external: true };
      });
      build.onResolve({ filter: /^@(aws-sdk|smithy)\// }, ({ path }) => ({
        errors: [{ text: `${path} may be named only in an adapter's sdk.ts, which is loaded by a dynamic import` }],
      }));
    },
  };
}

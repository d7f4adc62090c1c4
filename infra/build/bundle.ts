import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { leanRe2js } from './lean-re2js.ts';
import { leanZod } from './lean-zod.ts';
import { splitSdk } from './split-sdk.ts';
import type { Target } from './targets.ts';

/** What came out: bytes of the main file and of each SDK file, plain and after gzip, and what the main file is made of. */
export type Bundle = { target: Target; files: BundleFile[]; inputs: string[] };
export type BundleFile = { file: string; bytes: number; gzip: number };

/** Writes `<dist>/<name>/`: the main file, the SDK files that it loads on demand, their source maps. */
export async function bundle(root: string, dist: string, target: Target): Promise<Bundle> {
  const folder = join(dist, target.name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const sdks = new Map<string, string>();
  const main = await build({
    ...optionsFor(root, target),
    entryPoints: [target.entry],
    outfile: join(folder, target.main),
    plugins: [splitSdk(sdks), ...(target.trim ? [leanRe2js, leanZod] : [])],
    ...(target.banner === undefined ? {} : { banner: { js: target.banner } }),
  });
  for (const [file, source] of sdks) {
    const sdk = await build({ ...optionsFor(root, target), entryPoints: [source], outfile: join(folder, file) });
    refuseOwnCode(source, sdk.metafile);
  }
  // Our checkout says "type": "module"; these files are CommonJS, wherever they are unpacked.
  await writeFile(join(folder, 'package.json'), '{"type":"commonjs"}\n');
  const files = await Promise.all([target.main, ...sdks.keys()].map((file) => measure(folder, file)));
  return { target, files, inputs: Object.keys(main.metafile.inputs) };
}

function optionsFor(root: string, { syntax }: Target) {
  return {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    // CommonJS starts 20 to 30 ms faster than ESM on Lambda; `module` first is half the size of the AWS SDK's `main`.
    format: 'cjs',
    mainFields: ['module', 'main'],
    target: syntax,
    minify: true,
    sourcemap: 'linked',
    metafile: true,
    legalComments: 'none',
    logLevel: 'silent',
    // `import()` of a file beside becomes a `require`, which needs no second module loader.
    supported: { 'dynamic-import': false },
    // A bundle has left the folder of its sources: what lay beside them must be imported, not read by `import.meta`.
    logOverride: { 'empty-import-meta': 'error' },
  } satisfies BuildOptions;
}

/** A second copy of our code in one process would have error classes of its own, and `instanceof` would lie. */
function refuseOwnCode(source: string, { inputs }: Metafile): void {
  const own = Object.keys(inputs).filter((path) => !/(^|\/)node_modules\/|\/sdk\.ts$/.test(path));
  if (own.length > 0) throw new Error(`${source} may import packages only (and types), but holds ${own.join(', ')}`);
}

async function measure(folder: string, file: string): Promise<BundleFile> {
  const text = await readFile(join(folder, file));
  return { file, bytes: text.length, gzip: gzipSync(text).length };
}

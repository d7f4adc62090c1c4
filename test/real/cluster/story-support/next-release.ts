import { registerHooks } from 'node:module';

/** A word of the load script that the next release says in another way. */
const [before, after] = ['running_kernel() {', 'running_kernel() { # as of the next release'] as const;

// Loaded before the server (`node --import`): from then on it is the next release of ours, whose script differs.
registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith('/shared/desired/script/command-part.ts')) return loaded;
    const source = sourceText(loaded.source);
    if (!source.includes(before)) throw new Error(`The load script does not say "${before}" any more`);
    return { ...loaded, source: source.replace(before, after) };
  },
});

export const nextReleaseSays = after;

function sourceText(source: string | ArrayBuffer | NodeJS.TypedArray | null | undefined): string {
  return typeof source === 'string' ? source : new TextDecoder().decode(source ?? undefined);
}

import { registerHooks } from 'node:module';
import { releaseWords } from './release-words.ts';

// Loaded before the server (`node --import`): from then on it is the next release of ours, whose load script differs.
registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith('/shared/desired/script/command-part.ts')) return loaded;
    const source = sourceText(loaded.source);
    if (!source.includes(releaseWords.now)) throw new Error(`The load script says no "${releaseWords.now}" any more`);
    return { ...loaded, source: source.replace(releaseWords.now, releaseWords.next) };
  },
});

function sourceText(source: string | ArrayBuffer | NodeJS.TypedArray | null | undefined): string {
  return typeof source === 'string' ? source : new TextDecoder().decode(source ?? undefined);
}

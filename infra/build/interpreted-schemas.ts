import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * zod makes code of each object's schema at its first parse. A cold start parses a dozen objects once, for which that costs
 * 10 ms of CPU; over thousands of nodes it gains nothing that can be measured. So functions interpret their schemas. Set
 * where zod's settings are made, for a schema keeps what held when it was defined.
 */
export const interpretedSchemas: Plugin = {
  name: 'interpreted-schemas',
  setup(build) {
    build.onLoad({ filter: /\/zod\/v4\/core\/core\.js$/ }, async ({ path }) => ({
      contents: `${await readFile(path, 'utf8')}\nconfig({ jitless: true });\n`,
    }));
  },
};

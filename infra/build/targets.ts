import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** One thing to ship: a folder `dist/<name>` whose main file is made from `entry`. */
export type Target = {
  name: string;
  /** From the root of the checkout. */
  entry: string;
  main: string;
  /** KiB of the main file after gzip. */
  budget: number;
  /** Syntax that the bundle may use. `kmm` must at least parse on an old Node, to say that it needs a newer one. */
  syntax: 'node24' | 'node20';
  /** Fit libraries to functions: lean-re2js.ts, lean-zod.ts. */
  trim: boolean;
  banner?: string;
};

/** KiB after gzip: what a cold start reads and compiles. The two doors bring the event sources and their SDK. */
const functionBudget = 110;
const doorBudget = 130;
const doors = ['cluster-hook', 'registry-hook'];

/** Not a cold-start matter: these hold everything, and only a mistake makes them larger than that. */
const programBudget = 1024;

const kmmBanner = `#!/usr/bin/env node
if (parseInt(process.versions.node, 10) < 24) {
  console.error('kmm: Node 24 needed, found ' + process.versions.node);
  process.exit(2);
}`;

const programs: readonly Target[] = [
  {
    name: 'server',
    entry: 'infra/server/main.ts',
    main: 'index.js',
    budget: programBudget,
    syntax: 'node24',
    trim: false,
  },
  {
    name: 'kmm',
    entry: 'infra/cli/main.ts',
    main: 'kmm.cjs',
    budget: programBudget,
    syntax: 'node20',
    trim: false,
    banner: kmmBanner,
  },
];

/** Every function folder that has a handler, then the programs; `missing` are the programs that have no entry file. */
export function listTargets(root: string): { targets: Target[]; missing: Target[] } {
  const all = [...listFunctions(root), ...programs];
  const { targets = [], missing = [] } = Object.groupBy(all, ({ entry }) =>
    existsSync(join(root, entry)) ? 'targets' : 'missing',
  );
  return { targets, missing };
}

function listFunctions(root: string): Target[] {
  return readdirSync(join(root, 'functions'), { withFileTypes: true })
    .filter((folder) => folder.isDirectory() && existsSync(join(root, 'functions', folder.name, 'handler.ts')))
    .map(({ name }) => ({
      name,
      entry: `functions/${name}/handler.ts`,
      main: 'index.js',
      budget: doors.includes(name) ? doorBudget : functionBudget,
      syntax: 'node24',
      trim: true,
    }));
}

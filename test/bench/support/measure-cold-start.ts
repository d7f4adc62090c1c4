import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import * as z from 'zod';

/** From the start of a process to the first answer of its handler: ms on the clock, ms of CPU, MiB of memory at most. */
export type Cost = { wall: number; cpu: number; rss: number };

/** The least of a bundle and of an empty function, measured in turns in one run, and how they compare (1 is equal). */
export type ColdStart = { bundle: Cost; empty: Cost; ratio: Cost };

export type ColdStartOptions = {
  /** Absolute path of a CommonJS file. */
  bundle: string;
  handler?: string;
  event?: unknown;
  /** All that the function sees of an environment, besides PATH. */
  env?: Record<string, string>;
  /** Sets the stage anew for each start of the bundle. */
  before?: () => void;
  runs?: number;
};

/** Starts `runs` processes of each kind, one at a time; throws with the function's own words when it answers none. */
export async function measureColdStart(options: ColdStartOptions): Promise<ColdStart> {
  const empty = { bundle: join(import.meta.dirname, 'empty-function.cjs') };
  const costs: Record<'bundle' | 'empty', Cost[]> = { bundle: [], empty: [] };
  for (let run = 0; run < (options.runs ?? 15); run += 1) {
    costs.empty.push(await startOnce(empty));
    options.before?.();
    costs.bundle.push(await startOnce(options));
  }
  const [bundleCost, emptyCost] = [leastCost(costs.bundle), leastCost(costs.empty)];
  return { bundle: bundleCost, empty: emptyCost, ratio: divide(bundleCost, emptyCost) };
}

/** `node-changed: 61 ms, 58 CPU ms, 55 MiB; empty function 41, 38, 47; ratio 1.5, 1.5, 1.2` */
export function toColdStartLine(name: string, { bundle, empty, ratio }: ColdStart): string {
  const plain = ({ wall, cpu, rss }: Cost, digits: number) => [wall, cpu, rss].map((n) => n.toFixed(digits)).join(', ');
  const own = `${bundle.wall.toFixed(0)} ms, ${bundle.cpu.toFixed(0)} CPU ms, ${bundle.rss.toFixed(0)} MiB`;
  return `${name}: ${own}; empty function ${plain(empty, 0)}; ratio ${plain(ratio, 2)}`;
}

const Told = z.object({ cpu: z.number(), rss: z.number() });

async function startOnce({ bundle, handler = 'handler', event = {}, env = {} }: ColdStartOptions): Promise<Cost> {
  const runner = join(import.meta.dirname, 'first-answer.mjs');
  const started = performance.now();
  const child = spawn(process.execPath, [runner, bundle, handler, JSON.stringify(event)], {
    env: { ...env, PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    timeout: 30_000,
  });
  const { stderr } = child;
  const answer = child.stdio[3];
  if (stderr === null || !(answer instanceof Readable)) throw new Error('the process has lost its pipes');
  const words = text(stderr);
  let answered = started;
  answer.once('data', () => {
    answered = performance.now();
  });
  const told = await text(answer);
  if (told === '') throw new Error(`${bundle} did not answer: ${(await words).trim() || 'it ended without a word'}`);
  return { wall: answered - started, ...Told.parse(JSON.parse(told)) };
}

/** What other processes of the machine add only ever makes a start dearer: the cheapest one is the truest. */
function leastCost(costs: readonly Cost[]): Cost {
  const of = (pick: (cost: Cost) => number) => Math.min(...costs.map(pick));
  return { wall: of(({ wall }) => wall), cpu: of(({ cpu }) => cpu), rss: of(({ rss }) => rss) };
}

function divide(one: Cost, by: Cost): Cost {
  return { wall: one.wall / by.wall, cpu: one.cpu / by.cpu, rss: one.rss / by.rss };
}

import type { StackEvent, Tell } from '../local/stack-event.ts';
import type { Io } from './io.ts';
import { type Line, linesOf, startOf } from './narrate-event.ts';
import { formatLine } from './narrate-format.ts';
import { styleFor } from './output/style.ts';

/** Puts into words what a stack tells, as it happens. */
export interface Narrator {
  tell: Tell;
  /** What is about to be done, or what a person should know. */
  chapter(text: string): void;
  note(text: string): void;
  problem(text: string): void;
  /** How often the functions asked a registry. */
  lookUps(): number;
}

/** Lines for people, or one JSON object a line for machines: `{seconds, kind, text, data?}`. */
export function createNarrator({ stdout, env }: Pick<Io, 'stdout' | 'env'>, format: 'text' | 'json'): Narrator {
  const started = performance.now();
  const style = styleFor(stdout, env);
  const introduced = new WeakSet<object>();
  let lookUps = 0;

  const say = (line: Line) => {
    const seconds = (performance.now() - started) / 1000;
    const text =
      format === 'json'
        ? `${JSON.stringify({ seconds: Number(seconds.toFixed(3)), ...line })}\n`
        : formatLine(line, seconds, style);
    stdout.write(text);
  };
  /** A run without a line of its own is told of only when something comes of it. */
  const introduce = (event: StackEvent): Line[] => {
    if (!('run' in event) || introduced.has(event.run)) return [];
    introduced.add(event.run);
    return [startOf(event.run)];
  };
  return {
    tell(event) {
      if ('lookUps' in event) lookUps += event.lookUps.length;
      const lines = linesOf(event);
      if (lines !== undefined) [...introduce(event), ...lines].forEach(say);
    },
    chapter: (text) => say({ kind: 'chapter', text }),
    note: (text) => say({ kind: 'note', text }),
    problem: (text) => say({ kind: 'problem', text }),
    lookUps: () => lookUps,
  };
}

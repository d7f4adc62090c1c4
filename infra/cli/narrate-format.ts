import type { Line } from './narrate-event.ts';
import type { Style, Tone } from './output/style.ts';

const tones: Partial<Record<Line['kind'], Tone>> = {
  chapter: 'bold',
  event: 'bold',
  problem: 'red',
  error: 'red',
  warning: 'yellow',
  labels: 'green',
};

/** One line for people: when, what sort, what. Chapters and notes stand out by themselves. */
export function formatLine({ kind, text }: Line, seconds: number, style: Style): string {
  const tone = tones[kind];
  const paint = (words: string) => (tone === undefined ? words : style(tone, words));
  if (kind === 'chapter') return `\n${paint(text)}\n`;
  if (kind === 'note') return `${text}\n`;
  const time = style('dim', `${seconds.toFixed(2).padStart(6)}s`);
  return `${time}  ${paint(kind.padEnd(10))} ${text}\n`;
}

/** Digests are cut to what tells them apart. */
export function shortDigests(text: string): string {
  return text.replaceAll(/sha256:([0-9a-f]{12})[0-9a-f]{52}/g, 'sha256:$1…');
}

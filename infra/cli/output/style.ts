import { styleText } from 'node:util';
import type { Io, Output } from '../io.ts';

export type Tone = 'red' | 'yellow' | 'green' | 'bold' | 'dim';
export type Style = (tone: Tone, text: string) => string;

/** Colours for a person at a terminal, plain text for everybody else. https://no-color.org */
export function styleFor(stream: Output, env: Io['env']): Style {
  const colours = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return colours ? (tone, text) => styleText(tone, text, { validateStream: false }) : (_, text) => text;
}

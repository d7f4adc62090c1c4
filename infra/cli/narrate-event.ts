import type { StackEvent } from '../local/stack-event.ts';
import { linesOfRun } from './narrate-run.ts';
import { wordsOfTriggers } from './narrate-triggers.ts';

/** One thing to tell. `data` is for machines. */
export interface Line {
  kind:
    | 'chapter'
    | 'note'
    | 'problem'
    | 'event'
    | 'mapping'
    | 'registry'
    | 'daemonset'
    | 'state'
    | 'pods'
    | 'plugin'
    | 'labels'
    | 'warning'
    | 'error';
  text: string;
  data?: unknown;
}

/** The lines for what happened; none for what led to nothing. */
export function linesOf(event: StackEvent): Line[] {
  switch (event.kind) {
    case 'run-started':
      return isQuiet(event) ? [] : [startOf(event)];
    case 'run-ended': {
      const lines = linesOfRun(event.run);
      if (!isQuiet(event.run)) return lines;
      return lines.length === 0 ? [] : [startOf(event.run), ...lines];
    }
    case 'received':
      return [{ kind: 'event', text: `the registry told of a push or deletion → registry-hook`, data: event }];
    case 'pods':
      return [podsLine(event)];
    case 'complaint': {
      const { level, message, fields } = event;
      const text = [message, ...Object.entries(fields).map(([key, value]) => `${key}: ${wordsOf(value)}`)].join(', ');
      return [{ kind: level === 'warn' ? 'warning' : 'error', text }];
    }
  }
}

type Started = Pick<Extract<StackEvent, { kind: 'run-started' }>, 'function' | 'triggers'>;

/** Pods report often, and sweeps and delayed looks come by themselves: told only when something came of it. */
function isQuiet({ triggers }: Started): boolean {
  return triggers.every(({ kind }) => kind === 'rollout' || kind === 'resolve');
}

function startOf({ function: name, triggers }: Started): Line {
  return { kind: 'event', text: `${wordsOfTriggers(triggers)} → ${name}`, data: { function: name, triggers } };
}

function podsLine({ pods }: Extract<StackEvent, { kind: 'pods' }>): Line {
  const { daemonSet, role, ready, updated, desired } = pods;
  const version = updated < desired ? `, ${updated} of the new version` : '';
  const text = `${daemonSet}: ready on ${ready} of ${desired} nodes${version}`;
  return { kind: role === 'device-plugin' ? 'plugin' : 'pods', text, data: pods };
}

function wordsOf(value: unknown): string {
  if (value instanceof Error) return value.message;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

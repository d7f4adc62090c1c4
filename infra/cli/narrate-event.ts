import type { PodCount, Run, StackEvent } from '../local/stack-event.ts';
import { decisionLines, restLines } from './narrate-run.ts';
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

/** The lines for what happened; `undefined` when it is not worth a word. */
export function linesOf(event: StackEvent): Line[] | undefined {
  switch (event.kind) {
    case 'run-started':
      return isQuiet(event.run) ? undefined : [];
    case 'decided':
      return decisionLines(event);
    case 'run-ended': {
      // What is asked again and again while a target waits is left to the counts.
      const lines = restLines(isQuiet(event.run) ? { ...event, lookUps: [] } : event);
      return lines.length === 0 ? undefined : lines;
    }
    case 'pods':
      return [podsLine(event.pods)];
    case 'complaint': {
      const { level, message, fields } = event;
      return [{ kind: level === 'warn' ? 'warning' : 'error', text: `${message} ${JSON.stringify(fields)}` }];
    }
  }
}

/** The event and the function that it wakes. */
export function startOf({ function: name, triggers }: Run): Line {
  return { kind: 'event', text: `${wordsOfTriggers(triggers)} → ${name}`, data: { function: name, triggers } };
}

/** Pods report often, and sweeps and delayed looks come by themselves. */
function isQuiet({ triggers }: Run): boolean {
  return triggers.every(({ kind }) => kind === 'rollout' || kind === 'resolve');
}

function podsLine(pods: PodCount): Line {
  const { daemonSet, role, ready, updated, desired } = pods;
  const version = updated < desired ? `, ${updated} of them new` : '';
  const text = `${daemonSet}: ready on ${ready} of ${desired} nodes${version}`;
  return { kind: role === 'device-plugin' ? 'plugin' : 'pods', text, data: pods };
}

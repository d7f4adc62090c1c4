import type { Decoded } from '../events/decoded.ts';
import { triggerKey } from '../events/dedupe.ts';
import type { Outcome } from '../events/outcome.ts';
import { routes } from '../events/route.ts';
import type { Trigger } from '../events/trigger.ts';
import type { QueuedFunction } from '../ports/bus.ts';
import type { DeadLetters } from '../ports/dead-letters.ts';
import type { Logger } from '../ports/logger.ts';

/** One message of a queue, decoded. */
export interface BatchItem {
  id: string;
  /** As it came, for the dead-letter queue. */
  body: string;
  decoded: readonly Decoded[];
}

export interface BatchShell {
  to: QueuedFunction;
  run: (triggers: Trigger[]) => Promise<Outcome[]>;
  deadLetters: DeadLetters;
  logger: Logger;
}

/**
 * Runs a function once for a whole batch, each trigger once, and says which messages must come again: those with a trigger
 * that failed. Poison never comes again: it is reported and put to the dead letters, alone.
 */
export async function runBatch(items: readonly BatchItem[], shell: BatchShell): Promise<Set<string>> {
  const failed = await buryPoison(items, shell);
  const waiting = itemsByTrigger(items, shell);
  const outcomes = await runAll(
    [...waiting.values()].map(({ trigger }) => trigger),
    shell,
  );
  for (const [index, { trigger, ids }] of [...waiting.values()].entries()) {
    const outcome = outcomes[index] ?? {
      kind: 'failed',
      error: new Error(`${shell.to} gave no outcome for a trigger`),
    };
    if (outcome.kind === 'done') continue;
    shell.logger.error('Trigger failed, it comes again', { function: shell.to, trigger, error: outcome.error });
    for (const id of ids) failed.add(id);
  }
  return failed;
}

/** When the dead letters can't be reached either, poison takes the queue's own way: it comes again until the queue gives up. */
async function buryPoison(items: readonly BatchItem[], { to, deadLetters, logger }: BatchShell): Promise<Set<string>> {
  const poison = items.flatMap(({ id, body, decoded }) => {
    const reasons = decoded.flatMap((item) => (item.kind === 'poison' ? [item.error.message] : misrouted(item, to)));
    return reasons.length === 0 ? [] : [{ id, letter: { to, body, reason: reasons.join('; ') } }];
  });
  if (poison.length === 0) return new Set();
  for (const { id, letter } of poison)
    logger.error('Poison message', { function: to, message: id, reason: letter.reason });
  try {
    await deadLetters.put(poison.map(({ letter }) => letter));
    return new Set();
  } catch (error) {
    logger.error('Dead letters could not be put away', { function: to, error });
    return new Set(poison.map(({ id }) => id));
  }
}

/** A trigger in another function's queue is a mistake that no retry mends. */
function misrouted(item: Decoded, to: QueuedFunction): string[] {
  if (item.kind !== 'triggers') return [];
  const strangers = item.triggers.filter(({ kind }) => routes[kind] !== to);
  return strangers.map(({ kind }) => `a trigger of kind ${kind} is for ${routes[kind]}, not for ${to}`);
}

function itemsByTrigger(
  items: readonly BatchItem[],
  { to }: BatchShell,
): Map<string, { trigger: Trigger; ids: string[] }> {
  const waiting = new Map<string, { trigger: Trigger; ids: string[] }>();
  const pairs = items.flatMap(({ id, decoded }) =>
    decoded.flatMap((item) => (item.kind === 'triggers' ? item.triggers.map((trigger) => ({ id, trigger })) : [])),
  );
  for (const { id, trigger } of pairs.filter((pair) => routes[pair.trigger.kind] === to)) {
    const key = triggerKey(trigger);
    const known = waiting.get(key);
    if (known === undefined) waiting.set(key, { trigger, ids: [id] });
    else known.ids.push(id);
  }
  return waiting;
}

/** A function that throws has failed for all: a bug, or a fault before it could tell its triggers apart. */
async function runAll(triggers: Trigger[], { run }: BatchShell): Promise<Outcome[]> {
  if (triggers.length === 0) return [];
  try {
    return await run(triggers);
  } catch (error) {
    const failed: Outcome = { kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
    return triggers.map(() => failed);
  }
}

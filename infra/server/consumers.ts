import { triggerKey } from '../../shared/events/dedupe.ts';
import type { Outcome } from '../../shared/events/outcome.ts';
import type { Trigger } from '../../shared/events/trigger.ts';
import type { InspectRequest, Message, SignRequest } from '../../shared/ports/bus.ts';
import type { Consumer, Consumers } from '../local/queue/local-queue.ts';

type Run<T> = (items: T[]) => Promise<Outcome[]>;

const triggered = [
  'node-changed',
  'image-changed',
  'module-changed',
  'job-finished',
  'rollout-changed',
  're-resolve',
] as const;

/** The functions of one process. One that is absent is not deployed here: its messages go to the dead letters. */
export type Functions = Partial<Record<(typeof triggered)[number], Run<Trigger>>> & {
  'inspect-image'?: Run<InspectRequest>;
  'sign-image'?: Run<SignRequest>;
};

/** Functions as the queue calls them: each thing once in a batch, its outcome to every message that asked for it. */
export function toConsumers(functions: Functions): Consumers {
  const { 'inspect-image': inspect, 'sign-image': sign } = functions;
  const consumers: Consumers = {};
  for (const to of triggered) {
    const run = functions[to];
    if (run)
      consumers[to] = consumer(run, (message) => ('trigger' in message ? message.trigger : undefined), triggerKey);
  }
  if (inspect) {
    consumers['inspect-image'] = consumer(
      inspect,
      (message) => ('inspect' in message ? message.inspect : undefined),
      JSON.stringify,
    );
  }
  if (sign)
    consumers['sign-image'] = consumer(
      sign,
      (message) => ('sign' in message ? message.sign : undefined),
      JSON.stringify,
    );
  return consumers;
}

function consumer<T>(
  run: Run<T>,
  contentOf: (message: Message) => T | undefined,
  keyOf: (content: T) => string,
): Consumer {
  return async (messages) => {
    const contents = messages.flatMap((message) => contentOf(message) ?? []);
    const unique = new Map(contents.map((content) => [keyOf(content), content]));
    const outcomes = await run([...unique.values()]);
    const byKey = new Map([...unique.keys()].map((key, index) => [key, outcomes[index]]));
    const missing: Outcome = { kind: 'failed', error: new Error('the function gave no outcome') };
    return messages.map((message) => {
      const content = contentOf(message);
      return (content !== undefined && byKey.get(keyOf(content))) || missing;
    });
  };
}

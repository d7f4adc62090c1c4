import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { registryHook } from '../../../functions/registry-hook/registry-hook.ts';
import { sources } from '../../../shared/events/sources/sources.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import { httpApp } from '../../../shared/runtime/http-app.ts';
import {
  type RegistryEvent,
  type RegistrySample,
  registryEvent,
  registrySamples,
  registrySecret as secret,
} from '../../builders/registry-events.ts';
import { createFakeBus } from '../../fakes/bus.ts';
import { createFakeLogger } from '../../fakes/logger.ts';

const minute = 60_000;

/** A door for one sender, with a clock in our hand. */
function doorFor({ source, sender: settings, prove }: RegistrySample) {
  const bus = createFakeBus();
  const logger = createFakeLogger();
  let time = 0;
  const sender = { source, name: 'main', secrets: [secret], header: 'authorization', ...settings };
  const options = { ignoredTaints: defaultIgnoredTaints };
  const app = httpApp([registryHook([sender], options, { bus, logger, now: () => new Date(time) })], logger);
  const send = async ({ headers, body }: RegistryEvent, known = secret) => {
    const proof = prove(known, body);
    const { authorization: _, ...rest } = headers;
    return app.request(`/events/${source}/main${proof.path ?? ''}`, {
      method: 'POST',
      body,
      headers: { ...rest, ...proof.headers },
    });
  };
  const pass = (milliseconds: number) => {
    time += milliseconds;
  };
  return { bus, logger, send, pass };
}

for (const sample of registrySamples) {
  describe(`${sample.source} with ${sample.push}`, () => {
    const push = registryEvent(sample.push);
    const names = sample.names ?? 1;

    test('queues one image', async () => {
      const { bus, send } = doorFor(sample);
      assert.equal((await send(push)).status, 202);
      assert.deepEqual(
        bus.published.map(({ to }) => to),
        Array(names).fill('image-changed'),
      );
    });

    test('is refused when it is forged, and queues nothing', async () => {
      const { bus, send } = doorFor(sample);
      assert.equal((await send(push, 'the-guess-of-a-stranger')).status, 401);
      assert.deepEqual(bus.published, []);
    });

    test(
      sample.named ? 'is absorbed when it is replayed, for a while' : 'counts each time, as it bears no name',
      async () => {
        const { bus, send, pass } = doorFor(sample);
        for (let time = 0; time < 3; time++) assert.equal((await send(push)).status, 202);
        assert.equal(bus.published.length, (sample.named ? 1 : 3) * names);
        pass(11 * minute);
        await send(push);
        assert.equal(bus.published.length, (sample.named ? 2 : 4) * names);
      },
    );

    test('counts when it comes again because the queue was away', async () => {
      const { bus, send } = doorFor(sample);
      bus.failNext(new Error('away'));
      assert.equal((await send(push)).status, 503);
      assert.equal((await send(push)).status, 202);
      assert.equal(bus.published.length, names);
    });

    test('is poison when it is cut short', async () => {
      const { bus, logger, send } = doorFor(sample);
      const { status } = await send({ ...push, body: push.body.slice(0, push.body.length / 2) });
      assert.equal(status, sources[sample.source].poison === 'refuse' ? 400 : 202);
      assert.deepEqual(bus.published, []);
      assert.equal(logger.lines.filter(({ message }) => message === 'Poison event').length, 1);
    });

    test('is ignored with a reason when it is of another type', async () => {
      const { bus, send, logger } = doorFor(sample);
      const other =
        typeof sample.other === 'string'
          ? registryEvent(sample.other)
          : { headers: push.headers, body: JSON.stringify(sample.other) };
      const answer = await send(other);
      assert.equal(answer.status, 202);
      assert.deepEqual(await answer.json(), { queued: 0, ignored: 1, poison: [] });
      assert.match(logger.text(), /"?ignored"?/);
      assert.deepEqual(bus.published, []);
    });
  });
}

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { sign, verify } from '@octokit/webhooks-methods';
import { registryHook } from '../../../functions/registry-hook/registry-hook.ts';
import { makeSample } from '../../../infra/cli/events/make-sample.ts';
import { proveSample } from '../../../infra/cli/events/prove-sample.ts';
import { httpApp } from '../../../shared/runtime/http-app.ts';
import { registryEvent } from '../../builders/registry-events.ts';
import { createFakeBus } from '../../fakes/bus.ts';
import { createFakeLogger } from '../../fakes/logger.ts';

const [secret, next] = ['it-is-a-secret-of-github', 'and-the-next-one-of-it'];

/** The real door; GitHub's own library signs. */
function aDoor() {
  const bus = createFakeBus();
  const logger = createFakeLogger();
  const sender = { source: 'ghcr', name: 'main', secrets: [secret, next], header: 'authorization' } as const;
  const door = registryHook([sender], { ignoredTaints: [] }, { bus, logger, now: () => new Date() });
  const app = httpApp([door], logger);
  const post = async (body: string, signature: string, headers: Record<string, string> = {}) => {
    const all = { ...headers, 'content-type': 'application/json', 'x-hub-signature-256': signature };
    return (await app.request('/events/ghcr/main', { method: 'POST', headers: all, body })).status;
  };
  return { bus, post };
}

suite("signatures of GitHub's own library", () => {
  const { headers, body } = makeSample({ source: 'ghcr' }, { at: new Date(), id: 'delivery-1' });
  const bodies: [what: string, body: string][] = [
    ['a sample', body],
    ['letters of many bytes', JSON.stringify({ ...JSON.parse(body), sender: { login: 'Žofie – 東京 \u{1f427}' } })],
    ['blanks and line ends of its own', `${JSON.stringify(JSON.parse(body), undefined, 2)}\r\n`],
  ];
  for (const [what, text] of bodies) {
    for (const key of [secret, next]) {
      test(`open the door for ${what}${key === next ? ', with the next secret' : ''}`, async () => {
        const { bus, post } = aDoor();
        assert.equal(await post(text, await sign(key, text), headers), 202);
        assert.equal(bus.published.length, 1);
      });
    }
    test(`of another secret, or of another body, do not: ${what}`, async () => {
      const { bus, post } = aDoor();
      assert.equal(await post(text, await sign('another-secret-altogether', text), headers), 401);
      assert.equal(await post(`${text} `, await sign(secret, text), headers), 401);
      assert.deepEqual(bus.published, []);
    });
  }

  test('open the door for the events that stand in the fixtures', async () => {
    const { bus, post } = aDoor();
    const event = registryEvent('ghcr-package');
    assert.equal(await post(event.body, await sign(secret, event.body), event.headers), 202);
    assert.equal(bus.published.length, 1);
  });

  test('are what "kmm events send" makes', async () => {
    const proven = proveSample(
      { headers, body },
      { source: 'ghcr', secretEnv: 'GITHUB_SECRET', mode: 'token' },
      { env: { GITHUB_SECRET: secret } },
    );
    assert.equal(await verify(secret, proven.body, proven.headers['x-hub-signature-256'] ?? ''), true);
  });
});

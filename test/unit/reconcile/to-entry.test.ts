import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planTarget } from '../../../shared/reconcile/plan-target.ts';
import { toEntry } from '../../../shared/reconcile/to-entry.ts';
import { digestA, digestB } from '../../builders/module-loader-data.ts';
import { ago, liveDaemonSet, targetFacts } from '../../builders/target-facts.ts';

describe('toEntry', () => {
  it('keeps an entry within 1 KiB, whatever alphabet its words are written in', () => {
    const containerImage = `registry.example/${'a'.repeat(200)}:${'b'.repeat(128)}`;
    for (const word of ['x', '"', 'é', '漢', '🙂', '\n']) {
      const facts = targetFacts({
        data: { containerImage },
        daemonSet: liveDaemonSet({ available: 2, digest: digestA }),
        podTrouble: word.repeat(2000),
        image: { kind: 'found', digest: digestA, tagDigest: digestB },
        entry: {
          state: 'RollingOut',
          observedGeneration: 1,
          rebuilt: { request: '/2026-11-01T12:00:00Z' },
          inspected: { digest: digestA, result: 'ok', since: ago(1), attempt: 1 },
        },
      });
      const entry = toEntry(facts, planTarget(facts));
      const bytes = Buffer.byteLength(JSON.stringify(entry));
      assert.ok(bytes <= 1024, `${bytes} bytes of ${JSON.stringify(word)}`);
      assert.ok((entry.message ?? '').startsWith(word.repeat(20)));
    }
  });

  it('tells no digest of a DaemonSet that is removed', () => {
    const facts = targetFacts({ resolution: { outcome: 'no-mapping', error: 'e' }, daemonSet: liveDaemonSet() });
    const entry = toEntry(facts, planTarget(facts));
    const after = targetFacts({ resolution: { outcome: 'no-mapping', error: 'e' }, entry });
    assert.deepEqual(toEntry(after, planTarget(after)), entry);
  });
});

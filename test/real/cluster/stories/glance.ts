import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../story-support/eventually.ts';
import { fleet } from '../story-support/fleet.ts';
import { namespace } from '../story-support/install.ts';
import type { Story } from '../story-support/start-story.ts';

/** What a user sees who asks nothing but kubectl. */
export function glanceStory(story: () => Story): void {
  test('kubectl get modules tells at a glance what is loaded and what waits for what', async () => {
    const fine = fleet(story(), 'glance-fine');
    const waits = fleet(story(), 'glance-waits');
    await fine.push('6.1.0-15-glance');
    await fine.create();
    await waits.create();
    await fine.join(['glance-a'], '6.1.0-15-glance');
    await waits.join(['glance-b'], '6.1.0-16-glance');
    await eventually(
      'one is loaded',
      async () => (await fine.status()).moduleLoader?.availableNumber === 1 || undefined,
    );
    await fine.state('6.1.0-15-glance', 'Ready');
    await waits.state('6.1.0-16-glance', 'ImageMissing');
    const table = await story().plane.kubectl(['get', 'modules', '--namespace', namespace]);
    const lines = table.split('\n');
    assert.match(lines[0] ?? '', /^NAME +READY +REASON +MESSAGE +AGE$/);
    assert.match(lines.find((line) => line.startsWith('glance-fine ')) ?? table, /^glance-fine +True +\S+ +.+ \d+s$/);
    assert.match(
      lines.find((line) => line.startsWith('glance-waits ')) ?? table,
      /^glance-waits +False +ImageMissing +.*6\.1\.0-16-glance.* \d+s$/,
    );
  });
}

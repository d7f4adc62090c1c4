import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planVersionLabels } from '../../../shared/desired/version-labels.ts';
import { labels } from '../../../shared/kmm/labels.ts';

const worker = labels.versionWorkerPod('gpu', 'acme');
const schedule = labels.versionSchedulePod('gpu', 'acme');
const quiet = { namespace: 'gpu', module: 'acme', ready: false, devicePluginRuns: false };

const nodeLabels = (wanted?: string, workerPod?: string, schedulePod?: string) =>
  Object.fromEntries(
    [
      [labels.versionModule('gpu', 'acme'), wanted],
      [worker, workerPod],
      [schedule, schedulePod],
    ].filter((pair): pair is [string, string] => pair[1] !== undefined),
  );

describe('the version labels of a node', () => {
  // Upstream's eight states first, then those that it never leaves.
  for (const [what, wanted, workerPod, schedulePod, step] of [
    ['nothing is asked for', undefined, undefined, undefined, undefined],
    ['leaving, both there', undefined, '1', '1', { label: schedule, value: null }],
    ['leaving, loader there', undefined, '1', undefined, { label: worker, value: null }],
    ['coming, nothing there', '1', undefined, undefined, { label: worker, value: '1' }],
    ['coming, loader there', '1', '1', undefined, { label: schedule, value: '1' }],
    ['done', '1', '1', '1', undefined],
    ['upgrade, both old', '2', '1', '1', { label: schedule, value: null }],
    ['upgrade, loader old', '2', '1', undefined, { label: worker, value: null }],
    ['only the plugin left', undefined, undefined, '1', { label: schedule, value: null }],
    ['plugin before its loader', '1', undefined, '1', { label: schedule, value: null }],
    ['loader new, plugin old', '2', '2', '1', { label: schedule, value: null }],
    ['loader old, plugin new', '2', '1', '2', { label: schedule, value: null }],
    ['three versions at once', '3', '1', '2', { label: schedule, value: null }],
  ] as const) {
    it(what, () => {
      assert.deepEqual(planVersionLabels(nodeLabels(wanted, workerPod, schedulePod), quiet), step);
    });
  }

  it('wait for the device plugin before the loader goes, and for the unload before the next one comes', () => {
    const busy = planVersionLabels(nodeLabels('2', '1'), { ...quiet, devicePluginRuns: true });
    assert.ok(busy !== undefined && 'wait' in busy);
    const loaded = planVersionLabels(nodeLabels('2'), { ...quiet, ready: true });
    assert.ok(loaded !== undefined && 'wait' in loaded);
  });

  it('are those of this Module: names that read alike when joined stay apart', () => {
    const other = { ...quiet, namespace: 'gpu.acme', module: 'x' };
    assert.equal(planVersionLabels(nodeLabels('1'), other), undefined);
  });
});

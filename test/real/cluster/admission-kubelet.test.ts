import assert from 'node:assert/strict';
import { release } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { renderKernelLabelPolicy } from '../../../infra/kubernetes/policies/kernel-label-policy.ts';
import { kernelLabelValue } from '../../../shared/kmm/kernel-label-value.ts';
import { labels } from '../../../shared/kmm/labels.ts';
import { missingControlPlane } from '../support/control-plane/binary.ts';
import { type HollowKubelet, startHollowKubelet } from '../support/control-plane/hollow-kubelet.ts';
import { type HookedPlane, startHookedPlane, triggersOf } from '../support/control-plane/hooked-plane.ts';
import { nodesReady } from '../support/control-plane/nodes.ts';
import { until } from '../support/control-plane/until.ts';

const skip = await missingControlPlane();
const name = 'hollow';

describe("a kubelet's own registration", { skip }, () => {
  let plane: HookedPlane;
  let kubelet: HollowKubelet | undefined;
  before(async () => {
    plane = await startHookedPlane({ without: ['kwok'] });
    for (const policy of renderKernelLabelPolicy())
      await plane.kubectl(['create', '-f-'], { input: JSON.stringify(policy) });
    await labelsNodes();
  });
  after(async () => {
    await kubelet?.stop();
    await plane.stop();
  });

  const creations = () => plane.reviews().filter(({ what, dryRun }) => what === 'CREATE nodes' && !dryRun);

  test('its CREATE already says the kernel, and the policy labels the node in it', async () => {
    kubelet = await startHollowKubelet(plane, name);
    await nodesReady(plane.admin, [name]);
    const node = await plane.admin.get('Node', { name });
    const kernelVersion = node?.status?.nodeInfo?.kernelVersion ?? '';
    assert.notEqual(kernelVersion, '');
    assert.equal(node?.metadata.labels[labels.kernelVersion], kernelLabelValue(kernelVersion));
    const [joined, ...more] = triggersOf(creations());
    assert.deepEqual(more, []);
    assert.ok(joined?.kind === 'node' && joined.change === 'joined');
    assert.equal(joined.hint?.kernelVersion, kernelVersion);
  });

  test('a restart is a CREATE again, for a write that never lands', async () => {
    const uid = (await plane.admin.get('Node', { name }))?.metadata.uid;
    await kubelet?.stop();
    kubelet = await startHollowKubelet(plane, name);
    await until('the CREATE is reviewed again', async () => creations().length === 2);
    assert.equal((await plane.admin.get('Node', { name }))?.metadata.uid, uid);
  });

  /** A policy takes effect a moment after it was made. */
  async function labelsNodes() {
    const nodeInfo = { kernelVersion: release() };
    const probe = { metadata: { name: 'probe' }, status: { nodeInfo } };
    await until('the policy labels nodes', async () => {
      const made = await plane.api.call('POST', '/api/v1/nodes?dryRun=All', probe);
      return JSON.stringify(made).includes(labels.kernelVersion);
    });
  }
});

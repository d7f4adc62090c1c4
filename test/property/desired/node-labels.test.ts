import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { planNodeLabels } from '../../../shared/desired/node-labels.ts';
import { mergePatch } from '../../../shared/kubernetes/merge-patch.ts';
import { Node } from '../../../shared/kubernetes/objects.ts';
import { node, pod } from '../../unit/desired/node-and-pods.ts';

const prefix = 'kmm.node.kubernetes.io/';
const keys = fc.constantFrom(
  `${prefix}gpu.acme.ready`,
  `${prefix}gpu.acme.version.ready`,
  `${prefix}gpu.other.device-plugin-ready`,
  `${prefix}acme.ready`,
  'example.com/gpu.acme.ready',
  `${prefix}gpu.acme.loaded`,
  `${prefix}version-module.gpu.acme`,
);
const values = fc.constantFrom('', '1', 'boot-1 c1', 'boot-0 c1', 'boot-0 c2');
const map = fc.dictionary(keys, values);
const pods = fc.array(
  fc
    .record({
      module: fc.constantFrom('acme', 'other'),
      role: fc.constantFrom('module-loader', 'device-plugin'),
      ready: fc.boolean(),
      containerId: fc.constantFrom('c1', 'c2'),
    })
    .map((of) => pod({ ...of, container: of.role })),
  { maxLength: 4 },
);

it('once applied there is nothing more to do, and no key outside our prefix has changed', () => {
  fc.assert(
    fc.property(map, map, pods, (labels, annotations, ours) => {
      const before = node({ labels, annotations });
      const patch = planNodeLabels({ node: before, pods: ours });
      const changed = Object.keys({ ...patch?.metadata.labels, ...patch?.metadata.annotations });
      assert.deepEqual(
        changed.filter((key) => !key.startsWith(prefix)),
        [],
      );
      const after = Node.parse(mergePatch(JSON.parse(JSON.stringify(before)), JSON.parse(JSON.stringify(patch ?? {}))));
      assert.equal(planNodeLabels({ node: after, pods: ours }), undefined);
    }),
    { numRuns: 1000 },
  );
});

import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { planVersionLabels, type VersionState } from '../../../shared/desired/version-labels.ts';
import { labels } from '../../../shared/kmm/labels.ts';

const [namespace, module] = ['gpu', 'acme'];
const key = {
  wanted: labels.versionModule(namespace, module),
  worker: labels.versionWorkerPod(namespace, module),
  schedule: labels.versionSchedulePod(namespace, module),
};
const version = fc.option(fc.constantFrom('1', '2', '3'), { nil: undefined });

interface World {
  node: Record<string, string>;
  state: VersionState;
}

it('from every state a node reaches what its admin asked for, with the plugin never beside a loader that leaves', () => {
  fc.assert(
    fc.property(version, version, version, fc.boolean(), fc.boolean(), (wanted, worker, schedule, ready, plugin) => {
      const node = present({ [key.wanted]: wanted, [key.worker]: worker, [key.schedule]: schedule });
      let world: World = { node, state: { namespace, module, ready, devicePluginRuns: plugin } };
      for (let step = 0; step < 8; step += 1) world = advance(world);
      assert.deepEqual(world.node, present({ [key.wanted]: wanted, [key.worker]: wanted, [key.schedule]: wanted }));
    }),
    { numRuns: 500 },
  );
});

function advance(world: World): World {
  const next = planVersionLabels(world.node, world.state);
  if (next === undefined) return world;
  if ('wait' in next) return { ...world, state: podsFollowLabels(world) };
  if (next.label === key.worker && next.value === null) {
    assert.ok(!world.state.devicePluginRuns && world.node[key.schedule] === undefined);
  }
  return { ...world, node: present({ ...world.node, [next.label]: next.value ?? undefined }) };
}

/** What a run waits for happens: pods go with the labels that held them there. */
function podsFollowLabels({ node, state }: World): VersionState {
  return {
    ...state,
    devicePluginRuns: state.devicePluginRuns && node[key.schedule] !== undefined,
    ready: state.ready && node[key.worker] !== undefined,
  };
}

function present(labels: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

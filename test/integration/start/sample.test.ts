import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sampleKernels } from '../../../infra/local/sample-fleet.ts';
import { sampleObjects } from '../../../infra/local/sample-objects.ts';
import { lintModule } from '../../../shared/kmm/lint-module.ts';
import { resolveModule } from '../../../shared/kmm/resolve-module.ts';

const [module] = sampleObjects('127.0.0.1:5000');

it('the sample Module has no finding', () => {
  assert.deepEqual(lintModule(module), []);
});

it('its fleet shows every kind of mapping: a literal, a regexp and a catch-all with a build', () => {
  const mappings = sampleKernels.map(({ kernelVersion }) => {
    const resolution = resolveModule(module, kernelVersion);
    return resolution.outcome === 'resolved' ? resolution.data.mapping.index : resolution.outcome;
  });
  assert.deepEqual(mappings, [0, 2, 2, 2, 1, 2]);
});

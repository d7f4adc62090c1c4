import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { devicePluginDaemonSetName, loaderDaemonSetName } from '../../../shared/desired/names.ts';

const target = { module: 'acme', kernelVersion: '6.1.0', architecture: 'amd64' };

describe('names of DaemonSets', () => {
  it('tell kernel, architecture and version apart, and stay the same for the same', () => {
    const names = [
      loaderDaemonSetName(target),
      loaderDaemonSetName({ ...target, kernelVersion: '6.1.0+' }),
      loaderDaemonSetName({ ...target, architecture: 'arm64' }),
      loaderDaemonSetName({ ...target, version: '1' }),
      loaderDaemonSetName({ ...target, kernelVersion: '6.1.0","amd64', architecture: '' }),
    ];
    assert.equal(new Set(names).size, names.length);
    assert.match(names[0] ?? '', /^acme-[0-9a-f]{10}$/);
    assert.equal(loaderDaemonSetName({ ...target, version: '' }), names[0]);
  });

  it('fit into a label for the longest name that a Module may have, and still tell two of them apart', () => {
    const longest = `${'m'.repeat(39)}a`;
    const name = devicePluginDaemonSetName({ module: longest });
    assert.ok(name.length <= 63, name);
    assert.match(name, /^m+-device-plugin-[0-9a-f]{10}$/);
    assert.notEqual(name, devicePluginDaemonSetName({ module: `${'m'.repeat(39)}b` }));
    assert.ok(loaderDaemonSetName({ ...target, module: longest }).startsWith(longest));
  });
});

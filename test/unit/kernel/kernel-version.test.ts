import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isKernelName,
  kernelComponents,
  matchedKernelVersion,
  normalizeKernelVersion,
} from '../../../shared/kernel/kernel-version.ts';

const cases: [kernelVersion: string, matched: string, normalized: string][] = [
  ['6.0.15-300.fc37.x86_64', '6.0.15-300.fc37.x86_64', '6.0.15-300.fc37.x86_64'],
  ['6.1.0+', '6.1.0', '6.1.0'],
  ['6.1.0++', '6.1.0+', '6.1.0_'],
  ['6.12.9+deb13-amd64', '6.12.9+deb13-amd64', '6.12.9_deb13-amd64'],
  ['6.1~rc1', '6.1~rc1', '6.1_rc1'],
  ['6,1,0', '6,1,0', '6_1_0'],
  ['6.1.0-😀ü', '6.1.0-😀ü', '6.1.0-__'],
  ['+', '', ''],
  ['', '', ''],
];
for (const [kernelVersion, matched, normalized] of cases) {
  test(`"${kernelVersion}" is matched as "${matched}" and shown to templates as "${normalized}"`, () => {
    assert.equal(matchedKernelVersion(kernelVersion), matched);
    assert.equal(normalizeKernelVersion(kernelVersion), normalized);
  });
}

test('a kernel name is 1 to 64 of the characters that kernels use', () => {
  for (const name of ['6.1.0', '6.12.9+deb13-amd64', '6.1~rc1', '5.10', 'a'.repeat(64)])
    assert.ok(isKernelName(name), name);
  for (const name of ['', 'a b', 'a/b', '6.1.0\n', '😀', '$(reboot)', 'a'.repeat(65)])
    assert.ok(!isKernelName(name), name);
});

test('components are split at dots and dashes', () => {
  assert.deepEqual(kernelComponents('6.0.15-300.fc37'), ['6', '0', '15', '300', 'fc37']);
  assert.deepEqual(kernelComponents('5.10'), ['5', '10']);
});

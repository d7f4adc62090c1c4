import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyDefaults } from '../../../shared/kmm/apply-defaults.ts';
import { lintModule } from '../../../shared/kmm/lint-module.ts';
import type { Module } from '../../../shared/kmm/module.ts';
import { parseModule } from '../../../shared/kmm/parse-module.ts';
import { podOptions } from '../../../shared/kmm/pod-options.ts';
import { whyNoVersionChange } from '../../../shared/kmm/version-change.ts';
import { build, type ModuleOverrides, rawModule } from '../../builders/module.ts';

test('a wrong type is a finding with its path and what to do', () => {
  const findings = lintModule(rawModule({ spec: { selector: { gpu: true } } }));
  assert.deepEqual(findings, [
    {
      module: 'acme',
      namespace: 'gpu',
      path: 'spec.selector.gpu',
      rule: 'schema',
      severity: 'error',
      message: 'Invalid input: expected string, received boolean: put the value in quotes',
    },
  ]);
});

test('a Module without a namespace is in "default"', () => {
  const findings = lintModule(rawModule({ metadata: { namespace: null }, spec: { selector: {} } }));
  assert.deepEqual(
    findings.map(({ namespace, rule }) => [namespace, rule]),
    [['default', 'selector-empty']],
  );
});

test('null is as good as missing, an empty list is not', () => {
  const nulls = { build: null, sign: null, version: null, inTreeModulesToRemove: null, registryTLS: null };
  assert.deepEqual(parsed({ container: nulls }), parsed({}));
  assert.deepEqual(
    parsed({ container: { inTreeModulesToRemove: [] } }).spec.moduleLoader?.container?.inTreeModulesToRemove,
    [],
  );
});

test('a null in a list is no string', () => {
  const [finding] = lintModule(rawModule({ modprobe: { parameters: [null] } }));
  assert.equal(finding?.path, 'spec.moduleLoader.container.modprobe.parameters[0]');
});

test('a document without end is refused', () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  assert.equal(parseModule(cycle).kind, 'invalid');
  assert.equal(parseModule({ ...rawModule(), spec: JSON.parse('['.repeat(5000) + ']'.repeat(5000)) }).kind, 'invalid');
});

test('defaults are those of the CRD, and what is set stays', () => {
  const container = (overrides: ModuleOverrides) => applyDefaults(parsed(overrides)).spec.moduleLoader?.container;
  assert.equal(container({})?.modprobe?.dirName, '/opt');
  assert.equal(container({ modprobe: { dirName: '/x//' } })?.modprobe?.dirName, '/x');
  assert.equal(container({ modprobe: { dirName: '/' } })?.modprobe?.dirName, '/');
  assert.equal(container({ modprobe: { dirName: '' } })?.modprobe?.dirName, '');
  assert.equal(container({ container: { build: { ...build, kanikoParams: {} } } })?.build?.kanikoParams?.tag, 'latest');
  assert.equal(container({ container: { build } })?.build?.kanikoParams, undefined);
});

test('a version can change, but not from or to none', () => {
  const version = (text: string | null) => parsed({ container: { version: text } });
  assert.equal(whyNoVersionChange(version('1'), version('2')), undefined);
  assert.equal(whyNoVersionChange(version(null), version('')), undefined);
  assert.match(whyNoVersionChange(version(null), version('1')) ?? '', /delete the Module/);
  assert.match(whyNoVersionChange(version('1'), version(null)) ?? '', /delete the Module/);
  assert.equal(whyNoVersionChange(version('1'), parsed({ spec: { moduleLoader: null } })), undefined);
});

test('annotations shape the pods, and malformed ones count as absent', () => {
  const key = (name: string) => `kmm.node.kubernetes.io/${name}`;
  const defaults = { gracePeriodSeconds: 600, maxUnavailable: '10%' };
  assert.deepEqual(podOptions({}), defaults);
  assert.deepEqual(
    podOptions({
      [key('loader-shape')]: 'direct',
      [key('termination-grace-period-seconds')]: '30',
      [key('max-unavailable')]: '3',
    }),
    { shape: 'direct', gracePeriodSeconds: 30, maxUnavailable: '3' },
  );
  for (const bad of ['0', '-1', '1e3', 'x', '', '999999', '101%', '0%', '10 %']) {
    const values = { 'loader-shape': bad, 'termination-grace-period-seconds': bad, 'max-unavailable': bad };
    const found = podOptions(Object.fromEntries(Object.entries(values).map(([name, value]) => [key(name), value])));
    assert.deepEqual({ ...found, maxUnavailable: bad === '999999' ? '10%' : found.maxUnavailable }, defaults, bad);
  }
});

function parsed(overrides: ModuleOverrides): Module {
  const result = parseModule(rawModule(overrides));
  assert.ok(result.kind === 'parsed', JSON.stringify(result));
  return result.module;
}

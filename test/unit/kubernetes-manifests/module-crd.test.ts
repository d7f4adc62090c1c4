import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { renderModuleCrd } from '../../../infra/kubernetes/crd/module-crd.ts';
import { specSchema } from '../../../infra/kubernetes/crd/spec-schema.ts';
import { statusSchema } from '../../../infra/kubernetes/crd/status-schema.ts';
import type { StructuralSchema } from '../../../infra/kubernetes/crd/structural-schema.ts';
import { toStructural } from '../../../infra/kubernetes/crd/to-structural.ts';
import { ModuleSpec } from '../../../shared/kmm/module.ts';
import { states } from '../../../shared/kmm/status.ts';
import { nodesOf, structuralProblems } from './structural-problems.ts';

const spec = () => new Map(nodesOf(specSchema()));
const status = () => new Map(nodesOf(statusSchema()));

test('spec and status are structural', () => {
  assert.deepEqual(structuralProblems(specSchema()), []);
  assert.deepEqual(structuralProblems(statusSchema()), []);
});

test('the checker of this test finds what is not structural', () => {
  const wrong: [schema: StructuralSchema, problem: RegExp][] = [
    [{ properties: { a: { type: 'string' } } }, /no type/],
    [{ type: 'array' }, /without items/],
    [{ type: 'object', required: ['a'] }, /requires a/],
    [{ type: 'object', properties: {}, additionalProperties: { type: 'string' } }, /beside/],
    [JSON.parse('{"type":"object","oneOf":[]}'), /oneOf/],
  ];
  for (const [schema, problem] of wrong) assert.match(structuralProblems(schema).join(), problem);
});

test('every field that the functions read is in it', () => {
  const fields = Object.keys(ModuleSpec.shape);
  assert.deepEqual(Object.keys(specSchema().properties ?? {}), fields);
  const paths = spec();
  for (const path of [
    'moduleLoader.container.kernelMappings[].sign.unsignedImageRegistryTLS.insecureSkipTLSVerify',
    'moduleLoader.container.kernelMappings[].build.buildArgs[].value',
    'moduleLoader.container.modprobe.modulesLoadingOrder[]',
    'moduleLoader.container.inTreeModuleToRemove',
    'devicePlugin.initContainer.resources.limits.*',
    'dra.deviceClasses[].config[]',
    'imageRebuildTriggerGeneration',
    'tolerations[].tolerationSeconds',
  ]) {
    assert.ok(paths.has(path), path);
  }
});

test('core types are kept whole, and nothing else is', () => {
  const plugin = ['container', 'initContainer'].flatMap((name) =>
    ['env[]', 'resources', 'volumeMounts[]'].map((field) => `${name}.${field}`),
  );
  const volumes = ['volumes[]', 'volumes[].hostPath'];
  const expected = [
    ...['devicePlugin', 'dra'].flatMap((room) => [...plugin, ...volumes].map((path) => `${room}.${path}`)),
    ...['dra.deviceClasses[].selectors[]', 'dra.deviceClasses[].config[]', 'tolerations[]'],
  ];
  const kept = [...spec(), ...status()].flatMap(([path, node]) =>
    node['x-kubernetes-preserve-unknown-fields'] ? [path] : [],
  );
  assert.deepEqual(kept.sort(), expected.sort());
});

test('it fills in what KMM fills in, and nothing else', () => {
  const defaults = [...spec(), ...status()].flatMap(([path, node]) =>
    'default' in node ? [[path, node.default]] : [],
  );
  assert.deepEqual(Object.fromEntries(defaults), {
    'moduleLoader.container.build.kanikoParams.tag': 'latest',
    'moduleLoader.container.kernelMappings[].build.kanikoParams.tag': 'latest',
    'moduleLoader.container.modprobe.dirName': '/opt',
  });
});

test('no field is required by the schema where a rule says it in words that help', () => {
  const required = [...spec()].flatMap(([path, node]) => (node.required ? [`${path}: ${node.required}`] : []));
  assert.deepEqual([...new Set(required.map((line) => line.replace(/.*(buildArgs)/, '$1')))], ['buildArgs[]: name']);
});

test('a mapping may leave its image out or empty', () => {
  const image = spec().get('moduleLoader.container.kernelMappings[].containerImage');
  assert.ok(image?.['x-kubernetes-validations']?.some(({ rule }) => rule.startsWith("self == ''")));
});

test('status holds our entries and the counters of KMM', () => {
  const paths = status();
  assert.deepEqual(paths.get('kernels.*.state')?.enum, [...states]);
  assert.equal(paths.get('kernels.*.nextTry')?.format, 'date-time');
  for (const who of ['moduleLoader', 'devicePlugin', 'dra'])
    assert.equal(paths.get(`${who}.availableNumber`)?.type, 'integer');
});

test('status is a subresource, and kubectl shows what stands and why', () => {
  const text = JSON.stringify(renderModuleCrd());
  assert.match(text, /"subresources":\{"status":\{\}\}/);
  const columns = [...text.matchAll(/"name":"(Ready|Reason|Message|Age)","type"/g)].map(([, name]) => name);
  assert.deepEqual(columns, ['Ready', 'Reason', 'Message', 'Age']);
});

test('a refinement of a field that is not there is a mistake that shows at once', () => {
  const schema = z.object({ a: z.string() });
  assert.throws(() => toStructural(schema, new Map([[schema, { b: { maxLength: 1 } }]])), /no field b/);
});

test('what has no structural form is refused', () => {
  assert.throws(() => toStructural(z.object({ a: z.union([z.string(), z.number()]) })), /union/);
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { Manifest } from '../../../shared/kubernetes/objects.ts';
import type { ObjectKey } from '../../../shared/kubernetes/resources.ts';
import type { Cluster } from '../../../shared/ports/cluster.ts';
import { ClusterError, type ClusterErrorCode } from '../../../shared/ports/errors.ts';

export interface ClusterUnderTest {
  cluster: Cluster;
  stop: () => Promise<void>;
}

/** What the Cluster port promises, wherever it runs. A real API server needs the Module CRD and rights on all kinds used. */
export function describeClusterContract(name: string, start: () => Promise<ClusterUnderTest>): void {
  describe(`the Cluster port on ${name}`, () => {
    const namespace = `contract-${randomUUID().slice(0, 8)}`;
    const other = `${namespace}-b`;
    let cluster: Cluster;
    let stop: () => Promise<void>;
    let serial = 0;
    const fresh = (): ObjectKey & { namespace: string } => ({ namespace, name: `object-${++serial}` });

    before(async () => {
      ({ cluster, stop } = await start());
      for (const each of [namespace, other]) assert.equal(await cluster.create(namespaceOf(each)), 'created');
    });
    after(async () => {
      for (const each of [namespace, other]) await cluster.delete('Namespace', { name: each });
      await stop();
    });

    test('what is absent is a value, never an error', async () => {
      const key = fresh();
      assert.equal(await cluster.get('ConfigMap', key), undefined);
      assert.equal(await cluster.patch('ConfigMap', key, { data: { a: 'b' } }), 'absent');
      assert.equal(await cluster.patch('Module', key, { status: {} }, { subresource: 'status' }), 'absent');
      assert.equal(await cluster.delete('ConfigMap', key), 'absent');
      assert.deepEqual(await cluster.list('ConfigMap', { namespace, labelSelector: 'nobody=here' }), []);
    });

    test('an object is created once, and a second create finds it', async () => {
      const key = fresh();
      assert.equal(await cluster.create(configMap(key, { a: '1' })), 'created');
      assert.equal(await cluster.create(configMap(key, { a: '2' })), 'exists');
      const found = await cluster.get('ConfigMap', key);
      assert.deepEqual(found?.data, { a: '1' });
      assert.notEqual(found?.metadata.uid, '');
      assert.notEqual(found?.metadata.resourceVersion, '');
      assert.match(found?.metadata.creationTimestamp ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    });

    test('an identical apply is no write, whatever the order of its keys', async () => {
      const key = fresh();
      await cluster.apply('DaemonSet', daemonSet(key));
      // Its controller writes the status once, at a time of its own.
      await eventually(async () => {
        const first = await cluster.apply('DaemonSet', daemonSet(key));
        const second = await cluster.apply('DaemonSet', reversed(daemonSet(key)));
        assert.equal(second.metadata.generation, 1);
        return versionOf(first) === versionOf(second);
      });
    });

    test('an apply takes away what it set before and leaves out now', async () => {
      const key = fresh();
      await cluster.apply('DaemonSet', daemonSet(key, { labels: { kept: 'a', gone: 'b' }, env: ['KEPT', 'GONE'] }));
      const after = await cluster.apply('DaemonSet', daemonSet(key, { labels: { kept: 'a' }, env: ['KEPT'] }));
      assert.deepEqual(after.metadata.labels, { kept: 'a' });
      assert.deepEqual(envNames(after), ['KEPT']);
    });

    test('an apply leaves alone what others set, and takes back what they changed of ours', async () => {
      const key = fresh();
      await cluster.apply('DaemonSet', daemonSet(key, { labels: { ours: '1' } }));
      await cluster.patch('DaemonSet', key, { metadata: { labels: { ours: '2', theirs: '3' } } });
      const after = await cluster.apply('DaemonSet', daemonSet(key, { labels: { ours: '1' } }));
      assert.deepEqual(after.metadata.labels, { ours: '1', theirs: '3' });
    });

    test('an apply with a resourceVersion is a conflict unless it is the present one', async () => {
      const key = fresh();
      const at = (resourceVersion: string, a: string, uid?: string) => {
        const manifest = configMap(key, { a });
        return { ...manifest, metadata: { ...manifest.metadata, resourceVersion, ...(uid && { uid }) } };
      };
      const first = versionOf(await cluster.apply('ConfigMap', configMap(key, { a: '1' })));
      await cluster.patch('ConfigMap', key, { metadata: { annotations: { moved: 'on' } } });
      await assert.rejects(cluster.apply('ConfigMap', at(first, '2')), clusterError('CONFLICT'));
      const standing = await cluster.get('ConfigMap', key);
      const [present, uid] = [versionOf(standing), standing?.metadata.uid ?? ''];
      // Another uid alone is but a field that may not change.
      await assert.rejects(cluster.apply('ConfigMap', at(present, '2', randomUUID())), clusterError('INVALID'));
      assert.deepEqual((await cluster.apply('ConfigMap', at(present, '2', uid))).data, { a: '2' });
      await cluster.delete('ConfigMap', key);
      // What went meanwhile is a conflict by its uid only: without one it is made anew.
      await assert.rejects(cluster.apply('ConfigMap', at(present, '3', uid)), clusterError('CONFLICT'));
      assert.deepEqual((await cluster.apply('ConfigMap', at(present, '4'))).data, { a: '4' });
    });

    test('the generation rises with the spec and with nothing else', async () => {
      const key = fresh();
      await cluster.apply('DaemonSet', daemonSet(key));
      const annotated = await cluster.patch('DaemonSet', key, { metadata: { annotations: { a: 'b' } } });
      const widened = await cluster.patch('DaemonSet', key, {
        spec: { updateStrategy: { rollingUpdate: { maxUnavailable: 3 } } },
      });
      const replaced = await cluster.apply('DaemonSet', daemonSet(key, { image: 'example.invalid/b:2' }));
      assert.deepEqual([annotated, widened, replaced].map(generationOf), [1, 2, 3]);
    });

    test('a merge patch merges objects, replaces lists, and null removes', async () => {
      const key = fresh();
      await cluster.create(configMap(key, { a: '1', b: '2' }));
      const after = await cluster.patch('ConfigMap', key, { data: { a: null, b: '3', c: '4' } });
      assert.deepEqual(after !== 'absent' && after.data, { b: '3', c: '4' });
    });

    test('a patch that changes nothing is no write, but a stale resourceVersion is a conflict all the same', async () => {
      const key = fresh();
      await cluster.create(configMap(key, { a: '1' }));
      const before = versionOf(await cluster.get('ConfigMap', key));
      assert.equal(versionOf(await cluster.patch('ConfigMap', key, { data: { a: '1' } })), before);
      assert.notEqual(
        versionOf(await cluster.patch('ConfigMap', key, { data: { a: '2' } }, { resourceVersion: before })),
        before,
      );
      await assert.rejects(
        cluster.patch('ConfigMap', key, { data: { a: '2' } }, { resourceVersion: before }),
        clusterError('CONFLICT'),
      );
    });

    test('a status patch changes only the status, and a patch of the object never does', async () => {
      const key = fresh();
      await cluster.create(moduleOf(key));
      const status = { kernels: { '6.1.0+rt/amd64': { state: 'Ready' } } };
      const patch = { spec: { selector: { changed: 'yes' } }, metadata: { annotations: { a: 'b' } }, status };
      const afterStatus = await cluster.patch('Module', key, patch, { subresource: 'status' });
      const afterMain = await cluster.patch('Module', key, { status: { kernels: { '6.1.0+rt/amd64': null } } });
      for (const after of [afterStatus, afterMain]) {
        assert.ok(after !== 'absent');
        assert.deepEqual(after.status, status);
        assert.deepEqual(selectorOf(after.spec), { 'kubernetes.io/arch': 'amd64' });
        assert.deepEqual(after.metadata.annotations, {});
        assert.equal(after.metadata.generation, 1);
      }
    });

    test('null in a status patch removes fields and keys, and is fine for what is not there', async () => {
      const key = fresh();
      await cluster.create(moduleOf(key));
      const patchStatus = (kernels: object) =>
        cluster.patch('Module', key, { status: { kernels } }, { subresource: 'status' });
      await patchStatus({ 'a/amd64': { state: 'Building', reason: 'Because' }, 'b/amd64': { state: 'Ready' } });
      const after = await patchStatus({
        'a/amd64': { reason: null },
        'b/amd64': null,
        'c/amd64': null,
        'd/amd64': { state: 'Ready', reason: null },
      });
      assert.deepEqual(after !== 'absent' && after.status, {
        kernels: { 'a/amd64': { state: 'Building' }, 'd/amd64': { state: 'Ready' } },
      });
    });

    test('twenty writers of one status, each retrying on a conflict, all land', async () => {
      const key = fresh();
      await cluster.create(moduleOf(key));
      await Promise.all(Array.from({ length: 20 }, (_, index) => writeEntry(cluster, key, `6.1.${index}/amd64`)));
      const after = await cluster.get('Module', key);
      assert.equal(Object.keys(Object(Object(after?.status).kernels)).length, 20);
    });

    test('a delete with the uid or version of another state is a conflict, with the present ones it deletes', async () => {
      const key = fresh();
      await cluster.create(configMap(key, { a: '1' }));
      const before = await cluster.get('ConfigMap', key);
      await cluster.patch('ConfigMap', key, { data: { a: '2' } });
      const stale = { resourceVersion: versionOf(before) };
      await assert.rejects(cluster.delete('ConfigMap', key, stale), clusterError('CONFLICT'));
      await assert.rejects(cluster.delete('ConfigMap', key, { uid: randomUUID() }), clusterError('CONFLICT'));
      const now = await cluster.get('ConfigMap', key);
      const present = { uid: now?.metadata.uid ?? '', resourceVersion: versionOf(now) };
      assert.equal(await cluster.delete('ConfigMap', key, present), 'deleted');
      assert.equal(await cluster.delete('ConfigMap', key, present), 'absent');
    });

    for (const foreground of [false, true]) {
      test(`what an object owns goes with it (${foreground ? 'foreground' : 'background'})`, async () => {
        const [owner, owned] = [fresh(), fresh()];
        await cluster.create(configMap(owner, {}));
        const uid = (await cluster.get('ConfigMap', owner))?.metadata.uid ?? '';
        const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: owner.name, uid, blockOwnerDeletion: true };
        await cluster.create({ ...configMap(owned, {}), metadata: { ...owned, ownerReferences: [reference] } });
        assert.equal(await cluster.delete('ConfigMap', owner, { foreground }), 'deleted');
        await eventually(async () => (await cluster.get('ConfigMap', owned)) === undefined);
        await eventually(async () => (await cluster.get('ConfigMap', owner)) === undefined);
      });
    }

    test('a list comes in pages that hold everything once', async () => {
      const keys = Array.from({ length: 7 }, fresh);
      for (const key of keys) await cluster.create(configMap(key, {}, { paged: 'yes' }));
      const options = { namespace, labelSelector: 'paged=yes', limit: 3 };
      const pages: string[][] = [];
      for await (const page of cluster.pages('ConfigMap', options))
        pages.push(page.map(({ metadata }) => metadata.name));
      assert.deepEqual(
        pages.map((page) => page.length),
        [3, 3, 1],
      );
      assert.deepEqual(pages.flat().sort(), keys.map(({ name }) => name).sort());
      assert.equal((await cluster.list('ConfigMap', options)).length, 7);
    });

    test('label and field selectors choose', async () => {
      const set = `set-${++serial}`;
      const [red, green, plain] = [fresh(), fresh(), fresh()];
      await cluster.create(configMap(red, {}, { set, colour: 'red' }));
      await cluster.create(configMap(green, {}, { set, colour: 'green' }));
      await cluster.create(configMap(plain, {}, { set }));
      const table: [selector: string, chosen: ObjectKey[]][] = [
        ['colour=red', [red]],
        ['colour==red', [red]],
        ['colour!=red', [green, plain]],
        ['colour in (red, green)', [red, green]],
        ['colour notin (red)', [green, plain]],
        ['colour', [red, green]],
        ['!colour', [plain]],
        ['colour,colour!=red', [green]],
      ];
      for (const [selector, chosen] of table) {
        const found = await cluster.list('ConfigMap', { namespace, labelSelector: `set=${set},${selector}` });
        assert.deepEqual(names(found), chosen.map(({ name }) => name).sort(), selector);
      }
      assert.deepEqual(
        names(await cluster.list('ConfigMap', { namespace, fieldSelector: `metadata.name=${red.name}` })),
        [red.name],
      );
    });

    test('a list without a namespace goes over all of them', async () => {
      const set = `set-${++serial}`;
      await cluster.create(configMap({ namespace, name: 'everywhere' }, {}, { set }));
      await cluster.create(configMap({ namespace: other, name: 'everywhere' }, {}, { set }));
      assert.equal((await cluster.list('ConfigMap', { labelSelector: `set=${set}` })).length, 2);
      assert.equal((await cluster.list('ConfigMap', { namespace: other, labelSelector: `set=${set}` })).length, 1);
    });

    test('what the API refuses as invalid says so and names the object', async () => {
      const key = fresh();
      const invalid = { code: 'INVALID', message: new RegExp(key.name) };
      await assert.rejects(cluster.create(configMap(key, {}, { bad: 'a+b' })), invalid);
      await cluster.apply('DaemonSet', daemonSet(key));
      await assert.rejects(cluster.apply('DaemonSet', daemonSet(key, { selector: 'another' })), invalid);
    });
  });
}

/** As the steps do it: read, compute, patch with the version that was read, and again on a conflict. */
async function writeEntry(cluster: Cluster, key: ObjectKey, entry: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const resourceVersion = (await cluster.get('Module', key))?.metadata.resourceVersion ?? '';
    try {
      await cluster.patch(
        'Module',
        key,
        { status: { kernels: { [entry]: { state: 'Ready' } } } },
        { subresource: 'status', resourceVersion },
      );
      return;
    } catch (error) {
      if (!(error instanceof ClusterError) || error.code !== 'CONFLICT') throw error;
    }
  }
  assert.fail(`${entry} did not land`);
}

/** Garbage collection is asynchronous on a real cluster, and tells nobody when it is done. */
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 15_000; waited += 50) {
    if (await holds()) return;
    await setTimeout(50);
  }
  assert.fail('not within 15 s');
}

function clusterError(code: ClusterErrorCode): { name: string; code: ClusterErrorCode } {
  return { name: 'ClusterError', code };
}

function namespaceOf(name: string): Manifest {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

function configMap(key: ObjectKey, data: Record<string, string>, labels: Record<string, string> = {}): Manifest {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...key, labels }, data };
}

function moduleOf(key: ObjectKey): Manifest {
  const container = {
    modprobe: { moduleName: 'mod' },
    kernelMappings: [{ literal: '6.1.0', containerImage: 'example.invalid/mod:1' }],
  };
  const spec = { selector: { 'kubernetes.io/arch': 'amd64' }, moduleLoader: { container } };
  return { apiVersion: 'kmm.sigs.x-k8s.io/v1beta1', kind: 'Module', metadata: { ...key }, spec };
}

interface DaemonSetParts {
  labels?: Record<string, string>;
  env?: string[];
  image?: string;
  selector?: string;
}

/** A DaemonSet that no node wants, so that a real controller starts nothing. */
function daemonSet(key: ObjectKey, parts: DaemonSetParts = {}): Manifest {
  const selector = { contract: parts.selector ?? key.name };
  const env = (parts.env ?? []).map((name) => ({ name, value: 'x' }));
  const { labels } = parts;
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { ...key, ...(labels ? { labels } : {}) },
    spec: {
      selector: { matchLabels: selector },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      template: {
        metadata: { labels: selector },
        spec: {
          nodeSelector: { 'contract.example/nowhere': 'yes' },
          containers: [
            { name: 'main', image: parts.image ?? 'example.invalid/a:1', ...(env.length > 0 ? { env } : {}) },
          ],
        },
      },
    },
  };
}

/** The same manifest with the keys of its outer objects the other way round. */
function reversed({ apiVersion, kind, metadata, ...rest }: Manifest): Manifest {
  const turned = Object.fromEntries(Object.entries(Object(rest['spec'])).reverse());
  return {
    spec: turned,
    metadata: { ...(metadata.namespace ? { namespace: metadata.namespace } : {}), name: metadata.name },
    kind,
    apiVersion,
  };
}

function envNames(set: { spec: { template: { spec: { containers: Record<string, unknown>[] } } } }): unknown {
  const env = set.spec.template.spec.containers[0]?.['env'];
  return Array.isArray(env) ? env.map(({ name }) => name) : env;
}

function selectorOf(spec: unknown): unknown {
  return Object(spec).selector;
}

function names(objects: { metadata: { name: string } }[]): string[] {
  return objects.map(({ metadata }) => metadata.name).sort();
}

function versionOf(object: { metadata: { resourceVersion: string } } | 'absent' | undefined): string {
  return object === undefined || object === 'absent' ? '' : object.metadata.resourceVersion;
}

function generationOf(object: { metadata: { generation: number } } | 'absent'): number {
  return object === 'absent' ? 0 : object.metadata.generation;
}

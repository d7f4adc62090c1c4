import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { watchCluster } from '../../../infra/server/watch.ts';
import type { Trigger } from '../../../shared/events/trigger.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import { createFakeLogger } from '../../fakes/logger.ts';
import { startWatchedApi } from './api-server.ts';
import { until } from './until.ts';

const nodes = '/api/v1/nodes';
const modules = '/apis/kmm.sigs.x-k8s.io/v1beta1/modules';
const node = (name: string, kernel: string) => ({
  metadata: { name, uid: `uid-${name}` },
  status: { nodeInfo: { kernelVersion: kernel, bootID: 'b', architecture: 'amd64' } },
});
const module = (generation: number) => ({ metadata: { name: 'm', namespace: 'ns', uid: 'u', generation }, spec: {} });

async function watched(
  prepare: (api: Awaited<ReturnType<typeof startWatchedApi>>) => void = () => undefined,
  namespaces?: string[],
) {
  const api = await startWatchedApi();
  prepare(api);
  const triggers: Trigger[] = [];
  const logger = createFakeLogger();
  const watch = watchCluster({
    kubeConfig: api.kubeConfig,
    ignoredTaints: defaultIgnoredTaints,
    emit: (found) => triggers.push(...found),
    logger,
    backoffMilliseconds: 1,
    ...(namespaces && { namespaces }),
  });
  await watch.synced;
  await until('nodes are watched', () => api.watchers(nodes) === 1);
  const told = () =>
    triggers.map((trigger) =>
      trigger.kind === 'node' ? `${trigger.name} ${trigger.change} ${trigger.hint?.kernelVersion}` : trigger.kind,
    );
  const stop = async () => {
    await watch.stop();
    await api.close();
  };
  return { api, triggers, told, logger, stop };
}

describe('the watch of the server', () => {
  test('says nothing of what stands at its start, over all pages', async () => {
    const { api, told, stop } = await watched((fresh) => {
      for (const name of ['a', 'b', 'c', 'd', 'e']) fresh.put(nodes, node(name, '6.1.0'));
    });
    for (const name of ['a', 'e']) api.put(nodes, node(name, '6.2.0'));
    await until('two changes are told', () => told().length === 2);
    assert.deepEqual(told(), ['a changed 6.2.0', 'e changed 6.2.0']);
    await stop();
  });

  test('tells joins, changes that count, and leaves', async () => {
    const { api, told, stop } = await watched();
    api.put(nodes, node('a', '6.1.0'));
    api.put(nodes, node('a', '6.1.0')); // a heartbeat
    api.put(nodes, node('a', '6.2.0'));
    api.remove(nodes, 'a');
    await until('the leave is told', () => told().length === 3);
    assert.deepEqual(told(), ['a joined 6.1.0', 'a changed 6.2.0', 'a left 6.2.0']);
    await stop();
  });

  test('goes on where it was when the connection ends', async () => {
    const { api, told, stop } = await watched((fresh) => fresh.put(nodes, node('a', '6.1.0')));
    api.put(nodes, node('b', '6.1.0'));
    await until('the join is told', () => told().length === 1);
    const before = api.requests.length;
    api.breakWatches();
    await until('nodes are watched again', () => api.watchers(nodes) === 1);
    const again = api.requests.slice(before).filter(({ pathname }) => pathname === nodes);
    assert.deepEqual(
      again.map(({ searchParams }) => searchParams.get('resourceVersion')),
      ['102'],
    );
    await stop();
  });

  test('lists again and tells the difference when its version was forgotten', async () => {
    const { api, told, stop } = await watched((fresh) => {
      for (const name of ['stays', 'changes', 'goes']) fresh.put(nodes, node(name, '6.1.0'));
    });
    api.breakWatches(true);
    api.put(nodes, node('changes', '6.2.0'));
    api.put(nodes, node('comes', '6.1.0'));
    api.remove(nodes, 'goes');
    await until('three changes are told', () => told().length === 3);
    assert.deepEqual(told().sort(), ['changes changed 6.2.0', 'comes joined 6.1.0', 'goes left 6.1.0']);
    await stop();
  });

  test('does the same when the stream itself says so', async () => {
    const { api, told, stop } = await watched((fresh) => fresh.put(nodes, node('a', '6.1.0')));
    api.send(nodes, 'ERROR', { kind: 'Status', code: 410, reason: 'Expired' });
    await until(
      'the list is asked for again',
      () => api.requests.filter((url) => url.pathname === nodes && url.searchParams.has('limit')).length === 2,
    );
    await until('nodes are watched again', () => api.watchers(nodes) === 1);
    api.put(nodes, node('a', '6.2.0'));
    await until('the change is told', () => told().length === 1);
    await stop();
  });

  test('goes on from a bookmark', async () => {
    const { api, stop } = await watched();
    api.send(nodes, 'BOOKMARK', { kind: 'Node', metadata: { resourceVersion: '5000' } });
    const before = api.requests.length;
    api.breakWatches();
    await until('nodes are watched again', () => api.watchers(nodes) === 1);
    assert.equal(
      api.requests
        .slice(before)
        .find(({ pathname }) => pathname === nodes)
        ?.searchParams.get('resourceVersion'),
      '5000',
    );
    await stop();
  });

  test('is not blinded by an object that it can’t read', async () => {
    const { api, told, logger, stop } = await watched();
    api.send(nodes, 'ADDED', { metadata: { name: 7 } });
    api.put(nodes, node('a', '6.1.0'));
    await until('the join is told', () => told().length === 1);
    assert.equal(logger.lines.filter(({ level }) => level === 'error').length, 1);
    await stop();
  });

  test('keeps no spec and asks only for what is ours', async () => {
    const { api, triggers, stop } = await watched();
    await until('Modules are watched', () => api.watchers(modules) === 1);
    api.put(modules, module(1));
    api.put(modules, module(1));
    api.put(modules, module(2));
    await until('two changes are told', () => triggers.length === 2);
    const selectors = new Map(
      api.requests.map(({ pathname, searchParams }) => [pathname.split('/').at(-1), searchParams.get('labelSelector')]),
    );
    assert.equal(selectors.get('pods'), 'kmm.node.kubernetes.io/role');
    assert.equal(selectors.get('daemonsets'), 'kmm.node.kubernetes.io/module.name');
    assert.equal(selectors.get('jobs'), 'kmm.node.kubernetes.io/module.name');
    assert.equal(selectors.get('nodes'), null);
    await stop();
  });

  test('keeps to its namespaces', async () => {
    const { api, stop } = await watched(undefined, ['one', 'two']);
    const paths = new Set(api.requests.map(({ pathname }) => pathname));
    assert.ok(paths.has('/api/v1/namespaces/one/pods') && paths.has('/api/v1/namespaces/two/pods') && paths.has(nodes));
    assert.equal(paths.has('/api/v1/pods'), false);
    await stop();
  });
});

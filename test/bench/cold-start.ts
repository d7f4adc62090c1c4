import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundle } from '../../infra/build/bundle.ts';
import { listTargets, type Target } from '../../infra/build/targets.ts';
import { toQueueBody } from '../../shared/events/queue-body.ts';
import { type LocalFleet, namespace, startLocalFleet, worker } from './support/local-fleet.ts';
import { type ColdStartOptions, measureColdStart } from './support/measure-cold-start.ts';
import type { Bench, Measured } from './support/measured.ts';
import { startStubQueue } from './support/stub-queue.ts';

const root = join(import.meta.dirname, '../..');
const kernel = '6.1.0-18-amd64';
const node = 'node-1';
const hookSecret = 'a-secret-of-the-benchmark';

/**
 * From the start of a process to the end of its first event, beside an empty function: `node-changed` applies a DaemonSet
 * for a new kernel whose image is there; `cluster-hook` queues what a review tells.
 */
export const coldStart: Bench = async () => {
  await using fleet = await startLocalFleet({ modules: 1, kernels: [kernel] });
  fleet.cluster.nodes.close();
  fleet.cluster.nodes.joinNode({ name: node, kernelVersion: kernel, labels: worker });
  const queue = await startStubQueue();
  const folder = await mkdtemp(join(tmpdir(), 'kmm-bench-'));
  try {
    const env = environment(fleet, queue.queues);
    const before = () => forgetKernel(fleet);
    return [
      ...(await measure('node-changed', folder, { event: joinedEvent(), env, before })),
      ...(await measure('cluster-hook', folder, { event: reviewEvent(), env })),
    ];
  } finally {
    await queue.close();
    await rm(folder, { recursive: true });
  }
};

async function measure(name: string, folder: string, options: Omit<ColdStartOptions, 'bundle'>): Promise<Measured[]> {
  const bench = `cold start of ${name}`;
  const target = targetOf(name);
  const built = await bundle(root, folder, target);
  const main = built.files.find(({ file }) => file === target.main);
  const file = join(folder, name, target.main);
  const { bundle: own, empty, ratio } = await measureColdStart({ ...options, bundle: file });
  return [
    { bench, what: 'bundle', value: (main?.bytes ?? 0) / 1024, unit: 'KiB' },
    {
      bench,
      what: 'bundle, gzip',
      value: gzipSync(await readFile(file)).length / 1024,
      unit: 'KiB',
      most: target.budget,
    },
    { bench, what: 'CPU', value: ratio.cpu, unit: '× empty function', most: 2.5 },
    // Cluster, registry and queue answer from this process: on a busy machine their time is in this number too.
    { bench, what: 'time', value: ratio.wall, unit: '× empty function' },
    { bench, what: 'time here', value: own.wall, unit: `ms (empty ${empty.wall.toFixed(0)})` },
    { bench, what: 'CPU here', value: own.cpu, unit: `ms (empty ${empty.cpu.toFixed(0)})` },
    { bench, what: 'memory at most', value: own.rss, unit: `MiB (empty ${empty.rss.toFixed(0)})` },
  ];
}

function targetOf(name: string): Target {
  const target = listTargets(root).targets.find((candidate) => candidate.name === name);
  if (target === undefined) throw new Error(`There is no function ${name}`);
  return target;
}

function environment({ cluster, registry }: LocalFleet, queues: Record<string, string>): Record<string, string> {
  const configuration = {
    clusterName: 'bench',
    apiServer: { url: cluster.url },
    registries: { loopback: [registry.host], plainHttp: [registry.host] },
    clusterHookSecrets: ['HOOK_SECRET'],
    queues,
  };
  return {
    KMM_CONFIG: JSON.stringify(configuration),
    HOOK_SECRET: hookSecret,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
  };
}

/** Each start shall find the kernel new. */
function forgetKernel({ cluster: { store } }: LocalFleet): void {
  for (const { metadata } of store.objects('DaemonSet')) store.delete('DaemonSet', { namespace, name: metadata.name });
  store.patch('Module', { namespace, name: 'module-0' }, { status: null }, { subresource: 'status' });
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
function joinedEvent(): object {
  const body = toQueueBody({ trigger: { kind: 'node', name: node, change: 'joined' } });
  return { Records: [{ messageId: 'm-1', receiptHandle: 'r', body, attributes: {}, eventSource: 'aws:sqs' }] };
}

/** A Function URL's event (payload 2.0) with the review of a node that joins. */
function reviewEvent(): object {
  const nodeInfo = { kernelVersion: kernel, bootID: 'b-1', architecture: 'amd64' };
  const review = {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: 'f9d456d7-69b2-4514-9dbd-baac10863e04',
      kind: { group: '', version: 'v1', kind: 'Node' },
      name: node,
      operation: 'CREATE',
      object: { metadata: { name: node, labels: worker }, status: { nodeInfo } },
    },
  };
  const rawPath = `/cluster/${hookSecret}/node`;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: '',
    headers: { 'content-type': 'application/json', host: 'hook.example' },
    requestContext: { http: { method: 'POST', path: rawPath, protocol: 'HTTP/1.1' }, domainName: 'hook.example' },
    body: JSON.stringify(review),
    isBase64Encoded: false,
  };
}

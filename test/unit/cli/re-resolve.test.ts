import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { annotations } from '../../../shared/kmm/labels.ts';
import { rawModule } from '../../builders/module.ts';
import { aNode } from '../../builders/node.ts';
import { createFakeCluster } from '../../fakes/cluster.ts';
import { callKmm } from './call-kmm.ts';
import { emptyKubeconfig } from './kubeconfig.ts';

const kubeconfig = emptyKubeconfig();
const time = '2026-01-01T00:00:00.000Z';

const entry = { state: 'Ready', observedGeneration: 1 };
const one = { ...rawModule(), status: { kernels: { '6.1.0-18-amd64/amd64': entry, '6.1.0-18-amd64/arm64': entry } } };
const other = rawModule({ metadata: { name: 'other', namespace: 'net' }, spec: { selector: { other: '' } } });
const fleet = () => createFakeCluster([one, other, aNode({ labels: { 'example.com/acme': 'present' } })]);

async function reResolve(argv: string[], cluster = fleet()) {
  const said = await callKmm(['re-resolve', ...argv, '--kubeconfig', kubeconfig], {
    ports: { connect: async () => cluster },
  });
  const written = cluster.writes().map(({ key, body }) => [key, body]);
  return { ...said, written };
}

const annotated = (name: string, value: string) => [
  name,
  { metadata: { annotations: { [annotations.reResolve]: value } } },
];

suite('kmm re-resolve by annotation', () => {
  const calls: [argv: string[], written: unknown[]][] = [
    [['--module', 'gpu/acme'], [annotated('gpu/acme', time)]],
    [[], [annotated('gpu/acme', time), annotated('net/other', time)]],
    [['--module', 'gpu/acme', '--force'], [annotated('gpu/acme', `${time} force`)]],
    [
      ['--kernel', '6.1.0-18-amd64', '--arch', 'arm64', '--force'],
      [annotated('gpu/acme', `${time} force 6.1.0-18-amd64/arm64`)],
    ],
    [['--node', 'node-1'], [annotated('gpu/acme', time)]],
    [['--node', 'node-1', '--force'], [annotated('gpu/acme', `${time} force 6.1.0-18-amd64/amd64`)]],
  ];
  for (const [argv, written] of calls) {
    test(`"kmm re-resolve ${argv.join(' ')}" writes only that`, async () => {
      const said = await reResolve(argv);
      assert.equal(said.code, 0, said.stderr);
      assert.deepEqual(said.written, written);
    });
  }

  const refused: [argv: string[], code: number, says: RegExp][] = [
    [['--module', 'gpu/none'], 1, /^There is no Module gpu\/none/],
    [['--node', 'none'], 1, /^There is no node none/],
    [['--kernel', '1.2.3'], 1, /^No Module has been looked at for 1\.2\.3 yet/],
    [['--kernel', '6.1.0-18-amd64', '--force'], 2, /several targets there .*--arch/],
    [['--module', 'gpu/acme', '--rollout'], 2, /--door URL/],
  ];
  for (const [argv, code, says] of refused) {
    test(`"kmm re-resolve ${argv.join(' ')}" writes nothing and says why`, async () => {
      const said = await reResolve(argv);
      assert.equal(said.code, code);
      assert.match(said.stderr.replace(/^error: /, ''), says);
      assert.deepEqual(said.written, []);
    });
  }
});

suite('kmm re-resolve at the door', () => {
  const door = 'https://kmm.example/events/manual/ops';

  async function call(argv: string[], answer: Response | Error, env: Record<string, string> = {}) {
    const requests: { url: string; init: RequestInit }[] = [];
    const post = (async (url: URL, init: RequestInit) => {
      requests.push({ url: url.href, init });
      if (answer instanceof Error) throw answer;
      return answer;
    }) as typeof fetch;
    return { ...(await callKmm(['re-resolve', '--door', door, ...argv], { env, ports: { fetch: post } })), requests };
  }

  test('the call is the scope and the wish, the secret a header', async () => {
    const argv = ['--module', 'gpu/acme', '--kernel', '6.1.0-18-amd64', '--arch', 'amd64', '--rollout'];
    const { code, stdout, requests } = await call(argv, new Response('{}', { status: 202 }), {
      KMM_DOOR_SECRET: 's3cret',
    });
    assert.equal(code, 0);
    assert.equal(stdout, 'kmm.example has queued it\n');
    assert.deepEqual(JSON.parse(String(requests[0]?.init.body)), {
      scope: { namespace: 'gpu', module: 'acme', kernelVersion: '6.1.0-18-amd64', architecture: 'amd64' },
      rollout: true,
    });
    assert.equal(new Headers(requests[0]?.init.headers).get('authorization'), 'Bearer s3cret');
  });

  const refusals: [answer: Response | Error, says: RegExp][] = [
    [new Response(null, { status: 401 }), /put its secret into the variable KMM_DOOR_SECRET/],
    [new Response(null, { status: 404 }), /no such source/],
    [new Response('{"poison":["scope.node: too long"]}', { status: 400 }), /answered 400: scope\.node: too long\./],
    [new Response('<html>', { status: 503 }), /answered 503\.$/m],
    [new Error('ECONNREFUSED'), /could not be reached/],
  ];
  for (const [answer, says] of refusals) {
    const what = answer instanceof Error ? 'no connection' : `HTTP ${answer.status}`;
    test(`${what} is told in words, without path or secret`, async () => {
      const { code, stderr } = await call([], answer, { KMM_DOOR_SECRET: 's3cret' });
      assert.equal(code, 2);
      assert.match(stderr, says);
      assert.ok(!stderr.includes('s3cret') && !stderr.includes('/events/manual/ops'));
    });
  }
});

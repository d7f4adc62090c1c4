import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { rawModule } from '../../builders/module.ts';
import { spawnKmm, startKmm } from './spawn-kmm.ts';

const narrow = rawModule({ mappings: [{ regexp: '^6\\.' }] });
const request = (fields: object) => `${JSON.stringify({ module: narrow, ...fields })}\n`;

suite('the kmm command as a process', { concurrency: 2 }, () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kmm-cli-'));
    await writeFile(join(folder, 'good.yaml'), JSON.stringify(rawModule()));
    await writeFile(join(folder, 'bad.yaml'), JSON.stringify(rawModule({ modprobe: { dirName: 'opt' } })));
  });
  after(() => rm(folder, { recursive: true }));

  const calls: [argv: string[], code: number][] = [
    [['--version'], 0],
    [['lint', '-f', 'good.yaml'], 0],
    [['lint', '-f', '.'], 1],
    [['lint', '-f', 'none.yaml'], 2],
    [['resolve', '-f', 'good.yaml', '--kernel', '6.1.0-18-amd64'], 0],
    [['resolve', '-f', 'bad.yaml', '--kernel', '6.1.0-18-amd64'], 1],
    [['rezolve'], 2],
  ];
  for (const [argv, code] of calls) {
    test(`"kmm ${argv.join(' ')}" ends with ${code}`, async () => {
      const said = await spawnKmm(argv, folder);
      assert.equal(said.code, code, said.stderr);
      assert.equal(said.stderr === '', code !== 2);
      assert.equal(said.stdout === '', code === 2);
    });
  }

  test('2,000 lines of --stdin are answered in order, a malformed one by an error', async () => {
    const kernels = Array.from({ length: 2000 }, (_, index) => `${index % 3 === 0 ? 5 : 6}.1.${index}-amd64`);
    const lines = kernels.map((kernelVersion, index) =>
      index === 1000 ? '{"module": \n' : request({ kernelVersion }),
    );
    const { code, stdout } = await spawnKmm(['resolve', '--stdin'], folder, lines.join(''));
    assert.equal(code, 2);
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(answers.length, 2000);
    assert.deepEqual(Object.keys(answers[1000]), ['error']);
    for (const [index, kernelVersion] of kernels.entries()) {
      if (index === 1000) continue;
      assert.equal(answers[index].kernelVersion, kernelVersion);
      assert.equal(answers[index].outcome, index % 3 === 0 ? 'no-mapping' : 'resolved');
    }
  });

  test('an answer comes before the next line is sent', async () => {
    const child = startKmm(['resolve', '--stdin'], folder);
    const ended = once(child, 'close');
    for (const kernelVersion of ['6.1.0-1-a', '6.1.0-2-a']) {
      child.stdin.write(request({ kernelVersion }));
      const [answer] = await once(child.stdout, 'data');
      assert.equal(JSON.parse(String(answer)).kernelVersion, kernelVersion);
    }
    child.stdin.end();
    assert.deepEqual(await ended, [0, null]);
  });

  test('a reader that goes away early is no error', async () => {
    const child = startKmm(['resolve', '--stdin'], folder);
    const ended = once(child, 'close');
    child.stdin.on('error', () => undefined);
    child.stdin.write(request({ kernelVersion: '6.1.0-1-a' }));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    child.stdin.end(request({ kernelVersion: '6.1.0-1-a' }).repeat(5000));
    const stderr = (async () => String((await child.stderr.toArray()).join('')))();
    assert.deepEqual(await ended, [0, null]);
    assert.equal(await stderr, '');
  });
});

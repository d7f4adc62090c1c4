import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { suite, test } from 'node:test';
import { withProgress } from '../../../infra/cli/output/progress.ts';

const terminal = (isTTY: boolean) => Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY });

suite('progress', () => {
  test('a long wait is told on a terminal, and the line goes when it is over', async () => {
    const stderr = terminal(true);
    const { promise, resolve } = Promise.withResolvers<string>();
    let said = '';
    stderr.on('data', (text) => {
      said += text;
    });
    const work = withProgress({ stderr }, 'reading the cluster', promise, 1);
    await once(stderr, 'data');
    assert.match(said, /reading the cluster … \d+ s$/);
    resolve('done');
    assert.equal(await work, 'done');
    stderr.end();
    await once(stderr, 'end');
    assert.ok(said.endsWith('\r\u001b[2K'));
  });

  test('a short wait, and one without a terminal, are silent; what fails fails', async () => {
    const [person, pipe] = [terminal(true), terminal(false)];
    assert.equal(await withProgress({ stderr: person }, 'x', Promise.resolve(1)), 1);
    await assert.rejects(withProgress({ stderr: pipe }, 'x', Promise.reject(new Error('no')), 0), /^Error: no$/);
    assert.equal(person.read() ?? pipe.read(), null);
  });
});

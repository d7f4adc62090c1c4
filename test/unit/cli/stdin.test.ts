import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { suite, test } from 'node:test';
import { maxLineBytes, readLines } from '../../../infra/cli/stream/read-lines.ts';
import { rawModule } from '../../builders/module.ts';
import { digestA } from '../../builders/module-loader-data.ts';
import { callKmm } from './call-kmm.ts';

const kernelVersion = '6.1.0-18-amd64';
const request = (fields: object = {}) => JSON.stringify({ module: rawModule(), kernelVersion, ...fields });

async function answers(command: string, lines: readonly string[]) {
  const { code, stdout, stderr } = await callKmm([command, '--stdin'], {
    stdin: lines.map((line) => `${line}\n`).join(''),
  });
  assert.ok(stdout === '' || stdout.endsWith('\n'));
  return {
    code,
    stderr,
    answers: stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line)),
  };
}

suite('kmm --stdin', () => {
  test('lint answers each line by its findings', async () => {
    const lines = [
      request(),
      request({ module: rawModule({ spec: { selector: {} } }) }),
      '{"module": null}',
      '{"module": 5}',
    ];
    const { code, answers: got } = await answers('lint', lines);
    assert.equal(code, 0);
    const rules = got.map(({ findings }) => findings.map(({ rule }: { rule: string }) => rule));
    assert.deepEqual(rules[0], []);
    assert.ok(rules[1].includes('selector-empty'));
    assert.deepEqual(rules.slice(2), [['schema'], ['schema']]);
  });

  test('resolve answers each line by its entry, whatever the outcome', async () => {
    const narrow = rawModule({ mappings: [{ literal: kernelVersion }] });
    const lines = [
      request({ module: narrow }),
      request({ module: narrow, kernelVersion: '5.4.0-1-x' }),
      request({ module: {} }),
    ];
    const { code, answers: got } = await answers('resolve', lines);
    assert.equal(code, 0);
    assert.deepEqual(
      got.map(({ outcome }) => outcome),
      ['resolved', 'no-mapping', 'invalid'],
    );
  });

  test('render takes architecture and digest from the line', async () => {
    const lines = [request({ architecture: 'arm64', digest: digestA }), request(), request({ module: {} })];
    const { code, answers: got } = await answers('render', lines);
    assert.equal(code, 0);
    assert.match(JSON.stringify(got[0].objects), /"kubernetes.io\/arch":"arm64"/);
    assert.match(JSON.stringify(got[0].objects), new RegExp(digestA));
    assert.match(JSON.stringify(got[1].objects), /"kubernetes.io\/arch":"amd64"/);
    assert.deepEqual(got[2].objects, []);
    assert.match(got[2].error, /invalid/);
  });

  const malformed: [what: string, line: string, says: RegExp][] = [
    ['no JSON', '{"module":', /^line 2: the line: not JSON$/],
    ['a JSON text', '"x"', /^line 2: expected an object with "module"$/],
    ['null', 'null', /^line 2: expected an object/],
    ['nothing', '', /^line 2: the line is empty$/],
    ['no Module', '{"kernelVersion": "k"}', /^line 2: expected an object with "module"$/],
    ['no kernel', '{"module": {}}', /^line 2: kernelVersion is missing/],
    ['a kernel that is a number', '{"module": {}, "kernelVersion": 6.1}', /^line 2: kernelVersion: expected a text$/],
    ['too much', `"${'x'.repeat(maxLineBytes)}"`, /^line 2: the line is too long$/],
  ];
  for (const [what, line, says] of malformed) {
    test(`a line with ${what} is answered by an error, and the next line is read`, async () => {
      const { code, stderr, answers: got } = await answers('resolve', [request(), line, request()]);
      assert.equal(code, 2);
      assert.match(stderr, /^error: 1 of the lines/);
      assert.equal(got.length, 3);
      assert.deepEqual(Object.keys(got[1]), ['error']);
      assert.match(got[1].error, says);
      assert.deepEqual(got[2], got[0]);
    });
  }

  test('no input is no output', async () => {
    assert.deepEqual(await callKmm(['resolve', '--stdin']), { code: 0, stdout: '', stderr: '' });
  });

  test('lines are put together again however they were cut, the last one without a newline too', async () => {
    const bytes = Buffer.from('eins\nzwölf\r\n\n€uro');
    for (let size = 1; size <= bytes.length; size += 1) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, part) =>
        bytes.subarray(part * size, (part + 1) * size),
      );
      const lines = [];
      for await (const some of readLines(Readable.from(chunks))) lines.push(...some);
      const expected = ['eins', 'zwölf\r', '', '€uro'].map((text, index) => ({ number: index + 1, text }));
      assert.deepEqual(lines, expected);
    }
  });

  test('of a line that is too long nothing is kept, and the next one is whole', async () => {
    const lines = [];
    for await (const some of readLines(Readable.from(['12', '34', '5\n1234\n', '123456']), 4)) lines.push(...some);
    assert.deepEqual(
      lines.map(({ text }) => text),
      [undefined, '1234', undefined],
    );
  });
});

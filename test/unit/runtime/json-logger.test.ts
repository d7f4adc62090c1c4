import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createJsonLogger, type LogLevel } from '../../../shared/adapters/logger/json-logger.ts';
import { InvalidInput } from '../../../shared/kmm/errors.ts';

function logged(fields: Record<string, unknown>, secrets: string[] = []): Record<string, unknown> {
  const lines: string[] = [];
  createJsonLogger({ now: () => new Date(0), write: (line) => lines.push(line), secrets: () => secrets }).info(
    'said',
    fields,
  );
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /^[^\n]*\n$/);
  return JSON.parse(lines[0] ?? '');
}

describe('the logger', () => {
  test('writes one JSON line with time, level and message first', () => {
    const line = logged({ namespace: 'ns', text: 'two\nlines' });
    assert.deepEqual(line, {
      time: '1970-01-01T00:00:00.000Z',
      level: 'info',
      message: 'said',
      namespace: 'ns',
      text: 'two\nlines',
    });
  });

  test('keeps quiet below its level', () => {
    const seen: string[] = [];
    const write = (line: string) => seen.push(JSON.parse(line).level);
    for (const level of ['debug', 'info', 'warn', 'error'] satisfies LogLevel[]) {
      const logger = createJsonLogger({ now: () => new Date(0), write, level: 'warn' });
      logger[level]('x');
    }
    assert.deepEqual(seen, ['warn', 'error']);
  });

  for (const key of [
    'password',
    'Authorization',
    'token',
    'sessionToken',
    'x-api-key',
    'client_secret',
    'privateKey',
    'registry-password',
  ]) {
    test(`hides what stands under ${key}`, () =>
      assert.deepEqual(logged({ deep: [{ [key]: 'value' }] })['deep'], [{ [key]: '[redacted]' }]));
  }
  for (const key of ['secretName', 'imageRepoSecret', 'keyFingerprint', 'tokens', 'author']) {
    test(`shows what stands under ${key}`, () => assert.equal(logged({ [key]: 'value' })[key], 'value'));
  }

  test('hides registered secrets wherever they stand', () => {
    const secret = 's3cr3t-value';
    const error = new Error(`refused ${secret}`, { cause: new Error(`https://x/${secret}/y`) });
    const line = logged({ url: `/cluster/${secret}/node`, [secret]: 1, error, long: `${'x'.repeat(4090)}${secret}` }, [
      secret,
    ]);
    assert.equal(JSON.stringify(line).includes('s3cr3t'), false);
  });

  test('shows an error by name, code, message and causes, and a bug with its stack', () => {
    const line = logged({ error: new InvalidInput('what', 'a.b', { cause: new TypeError('why') }) });
    const error = line['error'] as Record<string, unknown>;
    assert.deepEqual(
      [error['name'], error['code'], error['message'], error['stack']],
      ['InvalidInput', 'INVALID_INPUT', 'what', undefined],
    );
    assert.match(String((error['cause'] as Record<string, unknown>)['stack']), /TypeError: why/);
  });

  test('survives circles, big values and functions', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    assert.doesNotThrow(() =>
      logged({
        circle,
        big: 1n,
        fn: () => 1,
        bytes: new Uint8Array(9),
        map: new Map([['a', 1]]),
        long: 'x'.repeat(100_000),
        date: new Date(Number.NaN),
      }),
    );
    assert.ok(JSON.stringify(logged({ long: 'x'.repeat(100_000) })).length < 5000);
  });
});

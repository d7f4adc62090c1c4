import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { lintModule } from '../../../shared/kmm/lint-module.ts';
import { rawModule } from '../../builders/module.ts';
import { callKmm } from './call-kmm.ts';

const good = rawModule();
const bad = rawModule({ metadata: { name: 'bad' }, spec: { selector: {} }, modprobe: { dirName: 'opt' } });

suite('kmm lint', () => {
  test('a good Module is fine', async () => {
    const { code, stdout } = await callKmm(['lint', '-f', '-'], { stdin: JSON.stringify(good) });
    assert.equal(code, 0);
    assert.equal(stdout, '1 Module: nothing found\n');
  });

  test('an error is exit code 1; people see it by Module, errors first, with path, rule and message', async () => {
    const { code, stdout } = await callKmm(['lint', '-f', '-'], { stdin: JSON.stringify([good, bad]) });
    assert.equal(code, 1);
    const [error] = lintModule(bad).filter(({ severity }) => severity === 'error');
    assert.ok(error !== undefined);
    assert.match(stdout, /^gpu\/bad {2}stdin:1\n {2}error {4}spec\.moduleLoader/);
    assert.ok(stdout.includes(`${error.rule}\n           ${error.message}\n`));
    assert.match(stdout, /\n2 Modules: \d+ errors?, \d+ warnings?\n$/);
    assert.ok(stdout.indexOf('  error ') < stdout.indexOf('  warning '));
  });

  test('warnings alone are exit code 0', async () => {
    const stdin = JSON.stringify(rawModule({ spec: { selector: {} } }));
    const { code, stdout } = await callKmm(['lint', '-f', '-', '-o', 'json'], { stdin });
    assert.equal(code, 0);
    assert.deepEqual(
      [...new Set(JSON.parse(stdout).map(({ severity }: { severity: string }) => severity))],
      ['warning'],
    );
  });

  test('a name that would move the cursor does not', async () => {
    const stdin = JSON.stringify(rawModule({ metadata: { name: 'a\u001b[2J\u0007\u009bb' } }));
    const { stdout } = await callKmm(['lint', '-f', '-'], { stdin, tty: true });
    assert.match(stdout, /gpu\/a\ufffd\[2J\ufffd\ufffdb/);
    assert.ok(stdout.includes('\u001b[31merror'));
  });

  for (const format of ['json', 'yaml']) {
    test(`${format} is the array of all findings, each with exactly the six fields`, async () => {
      const { parse } = await import('yaml');
      const { stdout } = await callKmm(['lint', '-f', '-', '-o', format], { stdin: JSON.stringify([good, bad]) });
      const findings = format === 'json' ? JSON.parse(stdout) : parse(stdout);
      assert.deepEqual(findings, lintModule(bad));
      const fields = ['message', 'module', 'namespace', 'path', 'rule', 'severity'];
      for (const finding of findings) assert.deepEqual(Object.keys(finding).sort(), fields);
    });
  }
});

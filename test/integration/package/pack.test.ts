import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

const checkout = join(import.meta.dirname, '../../..');
const exec = promisify(execFile);

describe('the packed kmm, installed in an empty folder without network', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kmm-package-'));
    await mkdir(join(folder, 'empty'));
    await npm(['pack', '--pack-destination', folder], checkout);
    const [tarball = ''] = (await readdir(folder)).filter((file) => file.endsWith('.tgz'));
    // An empty cache and a closed port instead of a registry: what is not in the tarball can't be had.
    const alone = ['--offline', '--registry', 'http://127.0.0.1:9', '--cache', join(folder, 'cache')];
    await npm(['install', ...alone, '--omit=optional', '--prefix', '.', join(folder, tarball)], join(folder, 'empty'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test('brings nothing but itself: bundles, not sources or dependencies', async () => {
    assert.deepEqual((await readdir(join(folder, 'empty/node_modules'))).sort(), [
      '.bin',
      '.package-lock.json',
      'kmm-functions',
    ]);
    const files = await readdir(join(folder, 'empty/node_modules/kmm-functions'), { recursive: true });
    const strays = files.filter(
      (file) => !/^(dist|dist\/kmm|dist\/kmm\/[\w-]+\.cjs|package\.json|README\.md)$/.test(file),
    );
    assert.deepEqual(strays, []);
  });

  test('tells its version', async () => {
    assert.match((await kmm(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
  });

  test('tells its commands', async () => {
    assert.match((await kmm(['--help'])).stdout, /^Usage: kmm/m);
  });

  /** As a user's shell would start it: the shebang finds Node on the PATH. */
  function kmm(args: string[]): Promise<{ stdout: string }> {
    const path = [dirname(process.execPath), process.env['PATH']].join(delimiter);
    return exec(join(folder, 'empty/node_modules/.bin/kmm'), args, { env: { ...process.env, PATH: path } });
  }
});

/** The npm that runs the tests, without the settings that it hands to its scripts. */
function npm(args: string[], cwd: string): Promise<unknown> {
  const { npm_execpath: cli, ...inherited } = process.env;
  const env = Object.fromEntries(Object.entries(inherited).filter(([name]) => !name.startsWith('npm_')));
  return cli === undefined ? exec('npm', args, { cwd, env }) : exec(process.execPath, [cli, ...args], { cwd, env });
}

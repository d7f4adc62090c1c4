import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { rawModule } from '../../builders/module.ts';
import { callKmm } from './call-kmm.ts';

const named = (name: string) => rawModule({ metadata: { name } });
const json = (value: unknown) => JSON.stringify(value);

suite('the files of -f', () => {
  let folder = '';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kmm-cli-'));
    await mkdir(join(folder, 'modules', 'deep'), { recursive: true });
    await writeFile(join(folder, 'modules', 'b.json'), json(named('b')));
    await writeFile(
      join(folder, 'modules', 'a.yaml'),
      `# many\n---\n${json(named('a1'))}\n---\n---\n${json(named('a2'))}\n`,
    );
    await writeFile(join(folder, 'modules', 'notes.txt'), 'no YAML: {');
    await writeFile(join(folder, 'modules', 'deep', 'c.yml'), json(named('c')));
  });
  after(() => rm(folder, { recursive: true }));

  /** Names of the Modules that were found, in order. */
  async function modulesIn(argv: string[], stdin = ''): Promise<string[]> {
    const kernel = ['--kernel', '6.1.0-18-amd64', '-o', 'json'];
    const { code, stdout, stderr } = await callKmm(['resolve', ...argv, ...kernel], { cwd: folder, stdin });
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout).map((entry: { module: string }) => entry.module);
  }

  test('are files, and the YAML and JSON files of a folder in the order of their names', async () => {
    assert.deepEqual(await modulesIn(['-f', 'modules/b.json', 'modules']), ['b', 'a1', 'a2', 'b']);
  });

  test('are those of deeper folders too with -R', async () => {
    assert.deepEqual(await modulesIn(['-R', '-f', 'modules']), ['a1', 'a2', 'b', 'c']);
  });

  const forms: [what: string, stdin: string, names: string[]][] = [
    ['a JSON object', json(named('a')), ['a']],
    ['a JSON array', json([named('a'), named('b')]), ['a', 'b']],
    ['a kind: List', json({ kind: 'List', items: [named('a'), named('b')] }), ['a', 'b']],
    ['a list in a list', json({ kind: 'List', items: [{ kind: 'List', items: [named('a')] }] }), ['a']],
    [
      'a ModuleList, whose items say no kind',
      json({ kind: 'ModuleList', items: [{ ...named('a'), kind: undefined }] }),
      ['a'],
    ],
    ['an object without a kind', json({ metadata: named('a')['metadata'], spec: named('a')['spec'] }), ['a']],
    [
      'YAML with anchors and a merge key',
      `x: &s\n  namespace: gpu\nkind: Module\nmetadata: {name: a, <<: *s}\nspec: ${json(named('a')['spec'])}`,
      ['a'],
    ],
  ];
  for (const [what, stdin, names] of forms) {
    test(`- reads ${what} from standard input`, async () => {
      assert.deepEqual(await modulesIn(['-f', '-'], stdin), names);
    });
  }

  test('other kinds are passed over with a note', async () => {
    const stdin = `${json(named('a'))}\n---\nkind: ConfigMap\n---\nkind: ConfigMap\n---\nkind: Module\napiVersion: other.example/v1\n`;
    const { code, stderr } = await callKmm(['lint', '-f', '-'], { stdin });
    assert.equal(code, 0);
    assert.match(stderr, /^note: passed over 2 × ConfigMap, 1 × Module of other\.example\/v1/);
  });

  const broken: [what: string, stdin: string, says: RegExp][] = [
    ['nothing at all', '', /There is no Module in - \(found nothing\)/],
    ['only other kinds', 'kind: Pod', /There is no Module in - \(found 1 × Pod\)/],
    ['a text', 'hello', /found 1 × something that is no object/],
    ['broken YAML', 'kind: Module\nmetadata:\n  name: "a\n', /error: stdin:\d+:\d+: /],
    ['a key twice', 'kind: Module\nkind: Module\n', /stdin:2:1: .*unique/],
    ['broken JSON', '{"kind": "Module",\n "a": }}', /stdin:2:/],
    ['a bomb of aliases', bomb(), /stdin:\d+: .*alias/i],
    ['deep nesting', '['.repeat(100_000), /too deeply|stdin:1:/],
    ['more than can be Modules', `# ${'x'.repeat(9 * 1024 * 1024)}`, /larger than 8 MiB/],
  ];
  for (const [what, stdin, says] of broken) {
    test(`${what} is an error that says where`, async () => {
      const { code, stdout, stderr } = await callKmm(['lint', '-f', '-'], { stdin });
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, says);
    });
  }

  test('a file that is not there is named', async () => {
    const { code, stderr } = await callKmm(['lint', '-f', 'none.yaml'], { cwd: folder });
    assert.equal(code, 2);
    assert.equal(stderr, 'error: none.yaml: there is no such file or directory.\n');
  });

  test('words that kubectl reads as booleans are no texts here either', async () => {
    const stdin = `kind: Module\nmetadata: {name: a}\nspec:\n  selector: {x: on}\n  devicePlugin: {container: {image: a:1}}\n`;
    const { stdout } = await callKmm(['lint', '-f', '-', '-o', 'json'], { stdin });
    assert.match(stdout, /put the value in quotes/);
  });
});

function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const inside = level === 0 ? Array(10).fill('x') : Array(10).fill(`*a${level - 1}`);
    return `a${level}: &a${level} [${inside.join(', ')}]`;
  });
  return `${levels.join('\n')}\n`;
}

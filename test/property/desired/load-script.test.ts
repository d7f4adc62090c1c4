import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { it } from 'node:test';
import fc from 'fast-check';
import { loadScript } from '../../../shared/desired/script/load-script.ts';
import { probeScript } from '../../../shared/desired/script/probe-script.ts';
import { nodeRoots } from '../../../shared/desired/script/script-input.ts';
import { digestA, moduleLoaderData } from '../../builders/module-loader-data.ts';

const word = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom("'; exit 3; '", '$(exit 3)', '`exit 3`', '\n}\nexit 3\n', '"', "'", '\\', '-', '*.ko)', 'a-b_c'),
);
const words = fc.array(word, { maxLength: 4 });

it('whatever a Module holds, its scripts parse, and nothing of it runs while they are read', () => {
  const modprobe = fc.record({
    moduleName: word,
    parameters: words,
    dirName: word.map((path) => `/${path}`),
    firmwarePath: word,
    modulesLoadingOrder: words,
    rawArgs: fc.record({ load: words, unload: words }),
  });
  fc.assert(
    fc.property(modprobe, words, word, (of, inTreeModulesToRemove, name) => {
      const data = moduleLoaderData({ name, inTreeModulesToRemove, modprobe: of });
      const input = { data, digest: digestA, imageRoot: '', firmwareHostPath: '/lib/firmware', roots: nodeRoots };
      for (const script of [loadScript(input), probeScript(input)]) {
        // Every function is defined, and then the script stops before the first of them is called.
        const defined = `${script.slice(0, script.search(/\n(?:mkdir -p "\$run"|read_marker "\$marker"\n\[)/))}\nexit 7\n`;
        const { status, stderr } = spawnSync('/bin/sh', ['-c', defined], { encoding: 'utf8' });
        assert.equal(stderr, '');
        assert.equal(status, 7);
      }
    }),
    { numRuns: 60 },
  );
});

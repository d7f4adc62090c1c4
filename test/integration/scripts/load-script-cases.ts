import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { digestB } from '../../builders/module-loader-data.ts';
import { box, idA, idB, type Shell } from './box.ts';
import { buildIdNote } from './elf.ts';

/** What a loader pod does, on the given shell. Each case is a fake node in a folder of its own. */
export function loadScriptCases(shell: Shell): void {
  describe(`the load script under ${shell.join(' ')}`, { concurrency: 4, timeout: 60_000 }, () => {
    it('loads, says so to the probe, and unloads on TERM', async (t) => {
      const node = box(t, shell);
      assert.equal((await node.probe()).code, 1, 'not ready before');
      const loader = node.start();
      await loader.says('acme_kmod is loaded');
      assert.deepEqual(node.calls(), [`[-v][-d][${node.at('image')}][acme_kmod]`]);
      assert.match(node.read('run/gpu.acme'), new RegExp(`^id=${idA}$`, 'm'));
      assert.deepEqual(await node.probe(), { code: 0, words: '' });
      loader.term();
      assert.equal(await loader.exit, 0);
      assert.equal(node.calls()[1], `[-rv][-d][${node.at('image')}][acme_kmod]`);
      assert.ok(!node.isLive('acme_kmod') && !node.has('run/gpu.acme'));
      assert.match(loader.log(), /acme_kmod is unloaded\n$/);
    });

    it('removes listed in-tree modules that are loaded, without -d, before it loads', async (t) => {
      const node = box(t, shell);
      node.live('old_acme');
      node.live('acme_kmod', { buildId: idB });
      node.put('sys/module/built_in/parameters/x', '1');
      const inTreeModulesToRemove = ['old-acme', 'acme-kmod', 'built_in', 'not_there'];
      await node.start(node.input({ inTreeModulesToRemove })).says('acme_kmod is loaded');
      assert.deepEqual(node.calls(), ['[-rv][--][old-acme][acme-kmod]', `[-v][-d][${node.at('image')}][acme_kmod]`]);
    });

    it('leaves a listed module alone when another loader holds it', async (t) => {
      const node = box(t, shell);
      node.live('base_kmod', { buildId: idB });
      node.put('run/gpu.base', `owner=pod-9\nboot=boot-1\nmodule=base_kmod\nid=${idB}\nstate=loaded\n`);
      await node.start(node.input({ inTreeModulesToRemove: ['base-kmod'] })).says('acme_kmod is loaded');
      assert.ok(node.isLive('base_kmod'));
    });

    it('stops with its words when an in-tree module is in use', async (t) => {
      const node = box(t, shell);
      node.live('old_acme');
      node.put('in-use/old_acme', '');
      const loader = node.start(node.input({ inTreeModulesToRemove: ['old_acme'] }));
      assert.equal(await loader.exit, 1);
      assert.match(loader.log(), /old_acme is in use[\s\S]*could not remove the in-tree modules old_acme\n$/);
    });

    it('adopts after a container restart, and unloads later', async (t) => {
      const node = box(t, shell);
      const first = node.start();
      await first.says('is loaded');
      first.kill();
      await first.exit;
      const second = node.start();
      await second.says('stays as it is');
      assert.equal(node.calls().length, 1);
      second.term();
      assert.equal(await second.exit, 0);
      assert.ok(!node.isLive('acme_kmod'));
    });

    it('loads again after a reboot, even where the marker has outlived it', async (t) => {
      const node = box(t, shell);
      const before = node.start();
      await before.says('is loaded');
      before.kill();
      await before.exit;
      node.remove('sys/module/acme_kmod');
      node.put('proc/sys/kernel/random/boot_id', 'boot-2\n');
      assert.equal((await node.probe()).code, 1);
      await node.start().says('acme_kmod is loaded');
      assert.match(node.read('run/gpu.acme'), /^boot=boot-2$/m);
    });

    for (const [what, change] of [
      ['another image', { digest: digestB }],
      ['other parameters', { parameters: ['debug=1'] }],
    ] as const) {
      it(`unloads first what an earlier loader left from ${what}`, async (t) => {
        const node = box(t, shell);
        const first = node.start();
        await first.says('is loaded');
        first.kill();
        await first.exit;
        node.put('build/acme_kmod', buildIdNote(idB));
        const input = node.input(
          'parameters' in change ? { modprobe: { parameters: [...change.parameters] } } : {},
          'digest' in change ? change.digest : undefined,
        );
        await node.start(input, 'pod-2').says('acme_kmod is loaded');
        assert.match(node.calls()[1] ?? '', /^\[-rv\]/);
        assert.match(node.read('run/gpu.acme'), new RegExp(`^id=${idB}$`, 'm'));
        assert.equal((await node.probe(input, 'pod-2')).code, 0);
      });
    }

    it('does not call an old build ready when it can not be unloaded', async (t) => {
      const node = box(t, shell);
      const first = node.start();
      await first.says('is loaded');
      first.kill();
      await first.exit;
      node.put('in-use/acme_kmod', '');
      const input = node.input({}, digestB);
      const second = node.start(input, 'pod-2');
      assert.equal(await second.exit, 1);
      assert.match(second.log(), /acme_kmod of an earlier loader can't be unloaded: .*is in use/);
      assert.equal((await node.probe(input, 'pod-2')).code, 1);
    });

    it('adopts a module without a marker when its build is the one of the image', async (t) => {
      const node = box(t, shell);
      node.live('acme_kmod', { buildId: idA, taint: 'OE' });
      node.kernelObject('acme-kmod.ko', idA);
      await node.start().says('the kernel already holds this very build');
      assert.deepEqual(node.calls(), []);
      assert.equal((await node.probe()).code, 0);
    });

    it('replaces an out-of-tree module that somebody else loaded', async (t) => {
      const node = box(t, shell);
      node.live('acme_kmod', { buildId: idB, taint: 'OE' });
      node.kernelObject('acme_kmod.ko', idA);
      await node.start().says('acme_kmod is loaded');
      assert.equal(node.calls().length, 2);
    });

    it('gives up on an out-of-tree module of somebody else that is in use, and says what to do', async (t) => {
      const node = box(t, shell);
      node.live('acme_kmod', { buildId: idB, taint: 'OE' });
      node.put('in-use/acme_kmod', '');
      const loader = node.start();
      assert.equal(await loader.exit, 1);
      const words = `acme_kmod is loaded by somebody else (build id ${idB}): list it in inTreeModulesToRemove or unload it`;
      assert.ok(loader.log().includes(words), loader.log());
      assert.ok(!node.has('run/gpu.acme'));
    });

    it('never touches an in-tree module of that name that is not listed', async (t) => {
      const node = box(t, shell);
      node.live('acme_kmod', { buildId: idB });
      const loader = node.start();
      assert.equal(await loader.exit, 1);
      assert.match(loader.log(), /loaded by somebody else/);
      assert.deepEqual(node.calls(), []);
    });

    it('touches nothing under another kernel', async (t) => {
      const node = box(t, shell);
      node.live('acme_kmod', { buildId: idB, taint: 'OE' });
      const loader = node.start(node.input({ kernelVersion: '6.1.0-18-cloud-amd64+' }));
      assert.equal(await loader.exit, 1);
      assert.match(loader.log(), /is for kernel 6\.1\.0-18-cloud-amd64\+, but the node runs 6\.1\.0-18-cloud-amd64/);
      assert.deepEqual(node.calls(), []);
    });

    it('waits on TERM while the module is in use, not ready, and unloads it when it is freed', async (t) => {
      const node = box(t, shell);
      const loader = node.start();
      await loader.says('is loaded');
      node.put('in-use/acme_kmod', '');
      loader.term();
      await loader.says('acme_kmod is in use');
      assert.deepEqual(await node.probe(), { code: 1, words: 'acme_kmod is being unloaded' });
      node.remove('in-use/acme_kmod');
      assert.equal(await loader.exit, 0);
      assert.ok(!node.isLive('acme_kmod'));
    });

    it('ends with 1 and its last words when the grace period ends while the module is in use', async (t) => {
      const node = box(t, shell);
      const loader = node.start(node.input({ podOptions: { gracePeriodSeconds: 6, maxUnavailable: '10%' } }));
      await loader.says('is loaded');
      node.put('in-use/acme_kmod', '');
      loader.term();
      assert.equal(await loader.exit, 1);
      assert.match(loader.log(), /could not be unloaded in 1 s and stays loaded: .*is in use\.\n$/);
      assert.ok(node.has('run/gpu.acme'), 'the next loader has to know whose it is');
    });

    it('takes back after a failed unload what is still its build', async (t) => {
      const node = box(t, shell);
      const input = node.input({ podOptions: { gracePeriodSeconds: 1, maxUnavailable: '10%' } });
      const first = node.start(input);
      await first.says('is loaded');
      node.put('in-use/acme_kmod', '');
      first.term();
      assert.equal(await first.exit, 1);
      await node.start(input, 'pod-2').says('stays as it is');
      assert.equal((await node.probe(input, 'pod-2')).code, 0);
      assert.equal((await node.probe(input, 'pod-1')).code, 1);
    });

    it('finishes a load during which TERM came, and then unloads', async (t) => {
      const node = box(t, shell);
      execFileSync('mkfifo', [node.at('gate')]);
      const loader = node.start();
      await loader.says('at the gate');
      loader.term();
      writeFileSync(node.at('gate'), '');
      assert.equal(await loader.exit, 0);
      assert.match(loader.log(), /acme_kmod is loaded\nacme_kmod is unloaded\n$/);
      assert.ok(!node.isLive('acme_kmod') && !node.has('run/gpu.acme'));
    });

    it('leaves alone on TERM what another loader has taken over', async (t) => {
      const node = box(t, shell);
      const first = node.start();
      await first.says('is loaded');
      await node.start(node.input(), 'pod-2').says('stays as it is');
      first.term();
      assert.equal(await first.exit, 0);
      assert.ok(node.isLive('acme_kmod'));
      assert.equal((await node.probe(node.input(), 'pod-2')).code, 0);
    });

    it('takes over from a loader that is still trying to unload', async (t) => {
      const node = box(t, shell);
      const first = node.start();
      await first.says('is loaded');
      node.put('in-use/acme_kmod', '');
      first.term();
      await first.says('is in use');
      const input = node.input({}, digestB);
      assert.equal(await node.start(input, 'pod-2').exit, 1, 'in use for both');
      assert.equal(await first.exit, 0);
      assert.match(first.log(), /belongs to another loader: left alone\n$/);
      node.remove('in-use/acme_kmod');
      await node.start(input, 'pod-2').says('acme_kmod is loaded');
      assert.equal((await node.probe(input, 'pod-2')).code, 0);
    });

    it('loads anew what another loader of the same image is taking out', async (t) => {
      const node = box(t, shell);
      const first = node.start();
      await first.says('is loaded');
      node.put('in-use/acme_kmod', '');
      first.term();
      await first.says('is in use');
      first.kill();
      node.remove('in-use/acme_kmod');
      await node.start(node.input(), 'pod-2').says('acme_kmod is loaded');
      assert.equal((await node.probe(node.input(), 'pod-2')).code, 0);
    });

    it('is not ready with another build in its place, and leaves that alone on TERM', async (t) => {
      const node = box(t, shell);
      const loader = node.start();
      await loader.says('is loaded');
      node.live('acme_kmod', { buildId: idB, taint: 'OE' });
      assert.deepEqual(await node.probe(), { code: 1, words: 'another build of acme_kmod is live' });
      loader.term();
      assert.equal(await loader.exit, 0);
      assert.ok(node.isLive('acme_kmod'));
    });

    it('is not ready when the module has gone or is only coming', async (t) => {
      const node = box(t, shell);
      await node.start().says('is loaded');
      node.put('sys/module/acme_kmod/initstate', 'coming\n');
      assert.deepEqual(await node.probe(), { code: 1, words: 'acme_kmod is not live' });
      node.remove('sys/module/acme_kmod');
      assert.equal((await node.probe()).code, 1);
    });

    it("ends with modprobe's own words when the kernel refuses the module", async (t) => {
      const node = box(t, shell);
      node.put('refuse-load', '');
      const loader = node.start();
      assert.equal(await loader.exit, 1);
      assert.match(loader.log(), /Key was rejected by service[\s\S]*could not load acme_kmod \(exit code 1\)/);
      assert.ok(!node.has('run/gpu.acme'));
    });

    it('does not take another build for its own when modprobe ends well', async (t) => {
      const node = box(t, shell);
      node.kernelObject('acme_kmod.ko', idB);
      const loader = node.start();
      assert.equal(await loader.exit, 1);
      assert.ok(loader.log().includes(`another build of acme_kmod (${idA}) than the image (${idB})`), loader.log());
    });

    it('goes by srcversion where the kernel shows no build id, and by being live without either', async (t) => {
      const node = box(t, shell);
      node.remove('build/acme_kmod');
      await node.start().says('is loaded');
      assert.equal((await node.probe()).code, 0);
      node.put('sys/module/acme_kmod/srcversion', '0123456789ABCDEF\n');
      assert.equal((await node.probe()).code, 1);
    });

    it('passes every parameter as the one word that it is', async (t) => {
      const node = box(t, shell);
      const parameters = [
        'mode="a b"',
        "name='x'",
        `run=$(touch ${node.at('pwned')})`,
        '`id`',
        ';reboot',
        '*',
        'é\\n',
        '',
      ];
      await node.start(node.input({ modprobe: { parameters } })).says('is loaded');
      const words = parameters.map((word) => `[${word}]`).join('');
      assert.equal(node.read('calls'), `[-v][-d][${node.at('image')}][acme_kmod]${words}\n`);
      assert.ok(!node.has('pwned'));
    });

    it('puts args before the directory and the name, and adds the -r that an unload needs', async (t) => {
      const node = box(t, shell);
      const args = { load: ['-v', '--first-time'], unload: ['--verbose'] };
      const loader = node.start(node.input({ modprobe: { args } }));
      await loader.says('is loaded');
      loader.term();
      assert.equal(await loader.exit, 0);
      const place = `[-d][${node.at('image')}][acme_kmod]`;
      assert.deepEqual(node.calls(), [`[-v][--first-time]${place}`, `[-r][--verbose]${place}`]);
    });

    it('runs raw arguments as they are, and goes by its marker', async (t) => {
      const node = box(t, shell);
      const rawArgs = { load: ['-v', 'odd name', 'x=$y'], unload: ['-r', 'odd'] };
      const input = node.input({ modprobe: { moduleName: '', rawArgs } });
      assert.equal((await node.probe(input)).code, 1);
      const first = node.start(input);
      await first.says('gpu/acme is loaded');
      assert.equal((await node.probe(input)).code, 0);
      first.kill();
      await first.exit;
      const second = node.start(input);
      await second.says('stays as it is');
      second.term();
      assert.equal(await second.exit, 0);
      assert.deepEqual(node.calls(), ['[-v][odd name][x=$y]', '[-r][odd]']);
      assert.ok(!node.has('run/gpu.acme'));
    });

    it('writes the loading order for modprobe, and unloads the whole of it', async (t) => {
      const node = box(t, shell);
      const modulesLoadingOrder = ['acme_kmod', 'acme_core', 'acme_base'];
      const loader = node.start(node.input({ modprobe: { modulesLoadingOrder } }));
      await loader.says('is loaded');
      const softdeps = 'softdep acme_kmod pre: acme_core\nsoftdep acme_core pre: acme_base\n';
      assert.equal(node.read('modprobe.d/kmm-softdep.conf'), softdeps);
      loader.term();
      assert.equal(await loader.exit, 0);
      assert.match(node.calls()[1] ?? '', /\[acme_kmod\]\[acme_core\]\[acme_base\]$/);
    });

    it('copies firmware before the load and removes only what was not there', async (t) => {
      const node = box(t, shell);
      node.put('fw/acme/a b.bin', 'new');
      node.put('fw/shared/s.bin', 'new');
      node.put('firmware/shared/s.bin', 'of the node');
      node.put('firmware/acme/theirs.bin', 'of the node');
      const loader = node.start(node.input({ modprobe: { firmwarePath: node.at('fw') } }));
      await loader.says('is loaded');
      assert.equal(node.read('firmware/acme/a b.bin'), 'new');
      assert.equal(node.read('firmware_class/path'), '/var/lib/firmware');
      loader.term();
      assert.equal(await loader.exit, 0);
      assert.ok(!node.has('firmware/acme/a b.bin') && node.has('firmware/acme/theirs.bin'));
      assert.ok(node.has('firmware/shared/s.bin') && node.has('firmware'));
    });

    it('removes its empty firmware directories, and after a restart still knows what it copied', async (t) => {
      const node = box(t, shell);
      node.put('fw/deep/er/a.bin', '');
      const input = node.input({ modprobe: { firmwarePath: node.at('fw') } });
      const first = node.start(input);
      await first.says('is loaded');
      first.kill();
      await first.exit;
      const second = node.start(input);
      await second.says('stays as it is');
      second.term();
      assert.equal(await second.exit, 0);
      assert.ok(!existsSync(node.at('firmware/deep')) && node.has('firmware'));
    });

    it("leaves somebody's own firmware search path alone, and stops when the image has no such directory", async (t) => {
      const node = box(t, shell);
      node.put('firmware_class/path', '/opt/firmware\n');
      node.put('fw/a.bin', '');
      await node.start(node.input({ modprobe: { firmwarePath: node.at('fw') } })).says('is loaded');
      assert.equal(node.read('firmware_class/path'), '/opt/firmware\n');

      const other = box(t, shell);
      const loader = other.start(other.input({ modprobe: { firmwarePath: '/not/there' } }));
      assert.equal(await loader.exit, 1);
      assert.match(loader.log(), /no firmware directory \/not\/there/);
      assert.deepEqual(other.calls(), []);
    });

    it('says which places it searched when the image has no modprobe', async (t) => {
      const node = box(t, shell);
      node.remove('modprobe');
      const loader = node.start();
      assert.equal(await loader.exit, 1);
      assert.match(loader.log(), /no modprobe in this image \(looked for \/nowhere\/modprobe, /);
    });
  });
}

import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { loadScript } from '../../../shared/desired/script/load-script.ts';
import { probeScript } from '../../../shared/desired/script/probe-script.ts';
import type { ScriptInput } from '../../../shared/desired/script/script-input.ts';
import { digestA, moduleLoaderData } from '../../builders/module-loader-data.ts';
import { buildIdNote, kernelObjectFile } from './elf.ts';
import { fakeModprobe } from './fake-modprobe.ts';

/** The shell under test, as a command that takes `-c SCRIPT`. */
export type Shell = [command: string, ...args: string[]];

export const kernel = '6.1.0-18-cloud-amd64';
export const idA = 'aa'.repeat(20);
export const idB = 'bb'.repeat(20);

type Overrides = Parameters<typeof moduleLoaderData>[0];

/** A fake node and a fake image in a temporary folder, and the real scripts that run against them. */
export function box(t: TestContext, shell: Shell) {
  const dir = mkdtempSync(join(tmpdir(), 'kmm-script-'));
  const at = (path: string) => join(dir, path);
  const put = (path: string, content: string | Uint8Array, mode = 0o644) => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), content);
    chmodSync(at(path), mode);
  };
  const running: ChildProcess[] = [];
  t.after(() => {
    for (const { pid } of running) killGroup(pid);
    rmSync(dir, { recursive: true, force: true });
  });

  put('modprobe', fakeModprobe(dir), 0o755);
  put('uname', `#!/bin/sh\necho ${kernel}\n`, 0o755);
  put('proc/sys/kernel/random/boot_id', 'boot-1\n');
  put('calls', '');
  for (const folder of ['sys/module', 'run', 'image', 'firmware', 'firmware_class'])
    mkdirSync(at(folder), { recursive: true });
  put('firmware_class/path', '');
  put('build/acme_kmod', buildIdNote(idA));

  const input = (overrides: Overrides = {}, digest: ScriptInput['digest'] = digestA): ScriptInput => ({
    data: moduleLoaderData({ ...overrides, modprobe: { dirName: at('image'), ...overrides.modprobe } }),
    digest,
    imageRoot: '',
    firmwareHostPath: '/var/lib/firmware',
    roots: {
      sys: at('sys'),
      proc: at('proc'),
      run: at('run'),
      firmware: at('firmware'),
      firmwareClass: at('firmware_class'),
      modprobeConfig: at('modprobe.d'),
      modprobe: ['/nowhere/modprobe', at('modprobe')],
      uname: at('uname'),
    },
  });
  const launch = (script: string, pod: string) => {
    const [command, ...args] = shell;
    const child = spawn(command, [...args, '-c', script], {
      env: { POD_UID: pod, PATH: process.env['PATH'] ?? '' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    running.push(child);
    return watched(child);
  };

  return {
    at,
    put,
    input,
    read: (path: string) => readFileSync(at(path), 'utf8'),
    has: (path: string) => existsSync(at(path)),
    remove: (path: string) => rmSync(at(path), { recursive: true, force: true }),
    /** A module that is in the kernel before we come. */
    live: (name: string, of: { buildId?: string; taint?: string } = {}) => {
      put(`sys/module/${name}/initstate`, 'live\n');
      put(`sys/module/${name}/taint`, `${of.taint ?? ''}\n`);
      if (of.buildId !== undefined) put(`sys/module/${name}/notes/.note.gnu.build-id`, buildIdNote(of.buildId));
    },
    isLive: (name: string) => existsSync(at(`sys/module/${name}/initstate`)),
    /** The image holds this build of the kernel object, where modules.dep says. */
    kernelObject: (file: string, buildId: string) => {
      put(`image/lib/modules/${kernel}/extra/${file}`, kernelObjectFile(buildId));
      put(`image/lib/modules/${kernel}/modules.dep`, `kernel/other.ko:\nextra/${file}: kernel/other.ko\n`);
    },
    /** modprobe's calls so far, as `[word][word]`. */
    calls: () => readFileSync(at('calls'), 'utf8').split('\n').slice(0, -1),
    start: (script: ScriptInput = input(), pod = 'pod-1') => launch(loadScript(script), pod),
    probe: async (script: ScriptInput = input(), pod = 'pod-1') => {
      const probe = launch(probeScript(script), pod);
      return { code: await probe.exit, words: probe.log().trim() };
    },
  };
}

/** A process whose output can be awaited. */
function watched(child: ChildProcess) {
  let log = '';
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      tell();
    });
  }
  const exit = new Promise<number | string>((resolve) => {
    child.on('close', (code, signal) => {
      resolve(code ?? signal ?? 'gone');
      log += '[end]';
      tell();
    });
  });
  return {
    exit,
    log: () => log.replace('[end]', ''),
    term: () => child.kill('SIGTERM'),
    /** The container dies with all its processes, as at a crash of the runtime. */
    kill: () => killGroup(child.pid),
    /** Resolves when the log holds the words; rejects when it ended without them. */
    says: (words: string) =>
      new Promise<void>((resolve, reject) => {
        const look = () => {
          if (log.includes(words)) resolve();
          else if (log.endsWith('[end]')) reject(new Error(`ended without saying "${words}": ${log}`));
        };
        listeners.add(look);
        look();
      }),
  };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself, which is what most tests wait for.
  }
}

import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { loadScriptCases } from '../../integration/scripts/load-script-cases.ts';

// Debian's static busybox runs its own applets before anything on the PATH: the hardest shell that an image may hold.
if (hasBusybox()) loadScriptCases(['busybox', 'sh']);
else
  test('the load script under busybox sh', { skip: 'no busybox, and it could not be installed (needs root and apt)' });

function hasBusybox(): boolean {
  try {
    execFileSync('busybox', ['true']);
    return true;
  } catch {
    return installs();
  }
}

function installs(): boolean {
  try {
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'busybox-static'], { stdio: 'ignore' });
    return true;
  } catch (cause) {
    if (process.env['CI'] === 'true') throw new Error('busybox-static could not be installed', { cause });
    return false;
  }
}

import { run } from './run.ts';

/**
 * Installs Debian packages that are not there yet. `false` when all are there, else the reason to skip a suite with:
 * `describe('…', { skip: await missingPackages('skopeo') }, …)`. Under `CI=true` a reason is an error: nothing is skipped.
 */
export async function missingPackages(...names: string[]): Promise<string | false> {
  const reason = await findReason(names);
  if (reason !== false && process.env['CI'] === 'true') throw new Error(`CI never skips: ${reason}`);
  return reason;
}

async function findReason(names: string[]): Promise<string | false> {
  if (process.platform !== 'linux') return 'needs Debian';
  const installed = await Promise.all(names.map(isInstalled));
  const wanted = names.filter((_, index) => !installed[index]);
  if (wanted.length === 0) return false;
  if (process.getuid?.() !== 0) return `needs root to install ${wanted.join(', ')}`;
  return install(wanted).then(
    () => false,
    (error: unknown) => `could not install ${wanted.join(', ')}: ${String(error)}`,
  );
}

async function isInstalled(name: string): Promise<boolean> {
  const status = await run('dpkg-query', ['-W', '-f', '${Status}', name]).catch(() => '');
  return status === 'install ok installed';
}

/** RUNLEVEL keeps the packages' services from starting: a suite starts its own, with its own configuration. */
async function install(names: string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const patience = ['-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=3'];
  await run('apt-get', [...patience, 'update'], { env });
  await run('apt-get', [...patience, 'install', '-y', '--no-install-recommends', ...names], { env });
}

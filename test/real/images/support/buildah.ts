import { join } from 'node:path';
import { missingPackages } from '../../support/debian-packages.ts';
import { run } from '../../support/run.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

export interface Buildah extends AsyncDisposable {
  /** Runs a command of buildah to its end; its standard output, trimmed. Throws with all that it said. */
  (...args: string[]): Promise<string>;
  /** For what goes into images; gone with the images. */
  readonly folder: string;
}

/** `false` when images can be built here, else the reason to skip a suite with. Under `CI=true` a reason is an error. */
export async function missingBuildah(...otherPackages: string[]): Promise<string | false> {
  if (process.getuid?.() === 0) return missingPackages('buildah', ...otherPackages);
  const reason = 'needs root to build images without a container engine';
  if (process.env['CI'] === 'true') throw new Error(`CI never skips: ${reason}`);
  return reason;
}

/** Buildah with an image store of its own, without a container engine: what it runs, it runs in a chroot. */
export async function createBuildah(): Promise<Buildah> {
  const folder = await temporaryFolder('buildah');
  const store = ['--root', join(folder.path, 'store'), '--runroot', join(folder.path, 'run')];
  const buildah = async (...args: string[]): Promise<string> => {
    const options = [...store, '--storage-driver', 'overlay', ...args];
    return (await run('buildah', options, { env: { BUILDAH_ISOLATION: 'chroot' } })).trim();
  };
  return Object.assign(buildah, {
    folder: folder.path,
    [Symbol.asyncDispose]: async () => {
      // Containers hold mounts, and a mounted folder can't be removed.
      await buildah('rm', '--all');
      await folder.remove();
    },
  });
}

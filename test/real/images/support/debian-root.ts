import { lstat, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../support/run.ts';
import type { Buildah } from './buildah.ts';

/** Left out, as Debian's slim images do. */
const documentation = /^\/usr\/share\/(doc|info|locale|man)\//;

/**
 * A container whose root is the smallest Debian that can install packages: the files of this machine's own essential packages
 * and apt, with dpkg's records of them, since a test can pull no base image. It has this machine's release, so that this
 * machine's apt sources fit it.
 */
export async function debianContainer(buildah: Buildah): Promise<string> {
  const container = await buildah('from', 'scratch');
  await buildah('add', container, await packDebianRoot(buildah.folder), '/');
  return container;
}

/** Returns the path of the archive. */
async function packDebianRoot(folder: string): Promise<string> {
  // Of what any Debian has, awk is all that is asked for by a virtual name.
  const packages = await installedOf(await closureOf([...(await essentialPackages()), 'mawk', 'usr-is-merged', 'apt']));
  const files = (await run('dpkg', ['-L', ...packages])).split('\n').filter((path) => path.startsWith('/'));
  const paths = [...(await existing(await withoutLinkedFolders(files))), ...(await recordsOf(packages))];
  const [archive, list, status] = [join(folder, 'debian.tar'), join(folder, 'files'), join(folder, 'status')];
  await writeFile(list, paths.map((path) => `.${path}`).join('\n'));
  await writeFile(status, await run('dpkg-query', ['-s', ...packages]));
  const intoPlace = ['--transform', 's,^status$,./var/lib/dpkg/status,'];
  await run('tar', ['-cf', archive, '-C', '/', '--no-recursion', '-T', list, '-C', folder, ...intoPlace, 'status']);
  return archive;
}

async function essentialPackages(): Promise<string[]> {
  const shown = await run('dpkg-query', ['-W', '-f', '${Essential} ${Package}\n']);
  return shown.split('\n').flatMap((line) => (line.startsWith('yes ') ? [line.slice(4)] : []));
}

/** They and all that they need, by dpkg's own records: apt may have no lists of what else there is. */
async function closureOf(packages: string[]): Promise<string[]> {
  const soft = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map((kind) => `--no-${kind}`);
  const tree = await run('apt-cache', ['depends', '--recurse', '--installed', ...soft, ...packages]);
  return [...new Set([...tree.matchAll(/^[a-z0-9][^:\s]*/gm)].map(([name]) => name))];
}

/** Among alternatives, apt also tells of those that are not there. */
async function installedOf(packages: string[]): Promise<string[]> {
  const shown = await run('dpkg-query', ['-W', '-f', '${db:Status-Abbrev} ${Package}\n']);
  const installed = new Set(shown.split('\n').flatMap((line) => (line.startsWith('ii ') ? line.slice(3).trim() : [])));
  return packages.filter((name) => installed.has(name));
}

/** `/bin/sh` as `/usr/bin/sh`: an archive that first makes `/bin` a link can't be unpacked everywhere. */
async function withoutLinkedFolders(paths: string[]): Promise<string[]> {
  const links = new Set<string>();
  for (const name of await readdir('/')) if ((await lstat(`/${name}`)).isSymbolicLink()) links.add(name);
  const real = (path: string): string => {
    const [, top = '', rest = ''] = path.split('/', 3);
    return links.has(top) && rest !== '' ? `/usr${path}` : path;
  };
  return [...new Set(paths.map(real))].filter((path) => !documentation.test(path)).sort();
}

async function existing(paths: string[]): Promise<string[]> {
  const found = await Promise.all(paths.map((path) => lstat(path).catch(() => undefined)));
  return paths.filter((path, index) => path !== '/.' && found[index] !== undefined);
}

/** `/var/lib/dpkg/info/NAME.*` and `NAME:ARCHITECTURE.*` */
async function recordsOf(packages: string[]): Promise<string[]> {
  const names = new Set(packages);
  const files = await readdir('/var/lib/dpkg/info');
  const nameOf = (file: string): string => file.replace(/(:[^.]*)?\.[a-z0-9]+$/, '');
  return files.filter((file) => names.has(nameOf(file))).map((file) => `/var/lib/dpkg/info/${file}`);
}

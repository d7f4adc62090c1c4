import { access, constants } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { UsageError } from './errors.ts';
import type { Io } from './io.ts';

/** As kubectl looks for it: the flag, `KUBECONFIG`, `~/.kube/config`. Throws UsageError when there is none to read. */
export async function findKubeconfig(flag: string | undefined, { env, cwd }: Pick<Io, 'env' | 'cwd'>): Promise<string> {
  const { from, file } = choose(flag, env);
  const path = resolve(cwd, file);
  try {
    await access(path, constants.R_OK);
    return path;
  } catch (cause) {
    throw new UsageError(
      `No kubeconfig can be read at ${path} (from ${from}): name one with --kubeconfig FILE or KUBECONFIG.`,
      { cause },
    );
  }
}

function choose(flag: string | undefined, env: Io['env']): { from: string; file: string } {
  if (flag !== undefined) return { from: '--kubeconfig', file: flag };
  const files = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  if (files.length > 1) {
    throw new UsageError('KUBECONFIG names several files, which kubectl would merge: name one with --kubeconfig FILE.');
  }
  const [file] = files;
  if (file !== undefined) return { from: 'KUBECONFIG', file };
  return { from: 'the default', file: join(env['HOME'] ?? '', '.kube', 'config') };
}

import { UsageError } from '../errors.ts';

/** `--stdin` brings its own Modules and kernels. */
export function refuseBoth(options: { filename?: string[]; kernel?: string[] }): void {
  const other = options.filename !== undefined ? '-f' : options.kernel !== undefined ? '--kernel' : undefined;
  if (other === undefined) return;
  throw new UsageError(
    `--stdin and ${other} exclude each other: with --stdin each line brings its Module and kernel. For a file from a pipe write "-f -".`,
  );
}

import { UsageError } from '../errors.ts';

/** The kernels that `--kernel` names, each once. Throws UsageError that says what a kernel version is. */
export function needKernels(kernels: readonly string[] | undefined, command: string): string[] {
  const named = (kernels ?? []).map((kernel) => kernel.trim()).filter((kernel) => kernel !== '');
  if (named.length > 0) return [...new Set(named)];
  throw new UsageError(
    `No kernel was given. A kernel version is what "uname -r" prints on a node, or .status.nodeInfo.kernelVersion of a Node:\n` +
      `  kmm ${command} -f module.yaml --kernel 6.1.0-18-cloud-amd64`,
  );
}

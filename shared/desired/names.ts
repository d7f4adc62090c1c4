import { contentHash } from './canonical-json.ts';

/** A name is also a label value (the DaemonSet's selector), so 63 characters are the limit. */
const longest = 63;
const hashLength = 10;

/** Name of the loader DaemonSet of one target and version: another kernel, architecture or version is another DaemonSet. */
export function loaderDaemonSetName(of: {
  module: string;
  kernelVersion: string;
  architecture: string;
  version?: string | undefined;
}): string {
  return named(of.module, '-', [of.kernelVersion, of.architecture, of.version ?? '']);
}

/** Name of the device-plugin DaemonSet: one per Module and version, whatever the kernels. */
export function devicePluginDaemonSetName(of: { module: string; version?: string | undefined }): string {
  return named(of.module, '-device-plugin-', [of.version ?? '']);
}

/** A Module name that does not fit is cut, and then it counts in the hash: two that are alike up to the cut stay apart. */
function named(module: string, infix: string, parts: string[]): string {
  const room = longest - infix.length - hashLength;
  const fits = module.length <= room;
  const prefix = fits ? module : module.slice(0, room).replace(/[^a-z0-9]+$/, '');
  return `${prefix}${infix}${contentHash(fits ? parts : [module, ...parts]).slice(0, hashLength)}`;
}

import type { ModuleLoaderData } from '../../kmm/module-loader-data.ts';
import type { Digest } from '../../oci/digest.ts';

/** Where things are for the script. Fixed in production; tests put trees of their own here. */
export interface ScriptRoots {
  sys: string;
  proc: string;
  /** Markers of what loaders loaded; of the node, on tmpfs. */
  run: string;
  /** Where the node's firmware directory is mounted. */
  firmware: string;
  /** Where /sys/module/firmware_class/parameters of the node is mounted: a container's own /sys is read-only. */
  firmwareClass: string;
  modprobeConfig: string;
  /** Looked for in this order. Full paths: busybox' shell would run its own modprobe, which knows no `-d`. */
  modprobe: string[];
  uname: string;
}

export const nodeRoots: ScriptRoots = {
  sys: '/sys',
  proc: '/proc',
  run: '/run/kmm',
  firmware: '/host/firmware',
  firmwareClass: '/host/firmware_class',
  modprobeConfig: '/etc/modprobe.d',
  modprobe: ['/sbin/modprobe', '/usr/sbin/modprobe', '/bin/modprobe', '/usr/bin/modprobe'],
  uname: 'uname',
};

export interface ScriptInput {
  data: Pick<
    ModuleLoaderData,
    'namespace' | 'name' | 'kernelVersion' | 'inTreeModulesToRemove' | 'modprobe' | 'podOptions'
  >;
  digest: Digest;
  /** What stands before `dirName` and `firmwarePath` in this container: nothing, or where the copies are. */
  imageRoot: string;
  /** The firmware directory under the node's own name: what the kernel is told to search. */
  firmwareHostPath: string;
  roots: ScriptRoots;
}

/** A path of the image as this container sees it. */
export function inImage(input: Pick<ScriptInput, 'imageRoot'>, path: string): string {
  return path === '/' ? input.imageRoot || '/' : `${input.imageRoot}${path}`;
}

/** The module's name; undefined with raw arguments, where nobody told it to us. */
export function moduleName(input: Pick<ScriptInput, 'data'>): string | undefined {
  return input.data.modprobe.moduleName || undefined;
}

/** The kernel's spelling of a module's name, under which /sys knows it. */
export function sysfsName(name: string): string {
  return name.replaceAll('-', '_');
}

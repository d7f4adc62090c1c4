import type { Build, Module, ModuleLoaderContainer } from './module.ts';

export const defaultDirName = '/opt';

/**
 * What KMM's CRD fills in before anybody sees the Module (dirName, kaniko's tag), and a dirName without its final slash:
 * upstream would take every file for "outside" of `/opt/`. Applying it twice changes nothing.
 */
export function applyDefaults(module: Module): Module {
  const container = module.spec.moduleLoader?.container;
  if (container === undefined) return module;
  const moduleLoader = { ...module.spec.moduleLoader, container: defaultContainer(container) };
  return { ...module, spec: { ...module.spec, moduleLoader } };
}

function defaultContainer(container: ModuleLoaderContainer): ModuleLoaderContainer {
  const { modprobe, kernelMappings } = container;
  return {
    ...defaultBuild(container),
    ...(modprobe && { modprobe: { ...modprobe, dirName: withoutFinalSlash(modprobe.dirName ?? defaultDirName) } }),
    ...(kernelMappings && { kernelMappings: kernelMappings.map(defaultBuild) }),
  };
}

function defaultBuild<Level extends { build?: Build | undefined }>(level: Level): Level {
  const { build } = level;
  if (build?.kanikoParams === undefined) return level;
  return { ...level, build: { ...build, kanikoParams: { tag: 'latest', ...build.kanikoParams } } };
}

function withoutFinalSlash(dirName: string): string {
  return /^\/+$/.test(dirName) ? '/' : dirName.replace(/\/+$/, '');
}

import type { Build, KernelMapping, Module, ModuleLoaderContainer, Sign } from './module.ts';
import { mergeBuild } from './resolve/merge-build.ts';
import { mergeSign } from './resolve/merge-sign.ts';

/** A Module made ready for rules: defaults filled in, levels merged, and every part with its path. */
export interface CheckedModule {
  module: Module;
  namespace: string;
  /** What the author wrote, without nulls, for rules that ask whether a field was there. */
  document: unknown;
  container?: ModuleLoaderContainer;
  mappings: EffectiveMapping[];
}

/** A mapping with what it gets from the container. */
export interface EffectiveMapping {
  index: number;
  path: string;
  mapping: KernelMapping;
  /** Still a template. */
  image: string;
  build?: Build;
  sign?: Sign;
}

/** More are an error; rules then look at the first ones only. */
export const mostMappings = 1000;

export const containerPath = 'spec.moduleLoader.container';

/** Takes a Module with its defaults filled in. */
export function toCheckedModule(module: Module, document: unknown): CheckedModule {
  const container = module.spec.moduleLoader?.container;
  return {
    module,
    namespace: module.metadata.namespace || 'default',
    document,
    ...(container && { container }),
    mappings: container === undefined ? [] : toEffectiveMappings(container),
  };
}

function toEffectiveMappings(container: ModuleLoaderContainer): EffectiveMapping[] {
  const mappings = container.kernelMappings ?? [];
  return mappings.slice(0, mostMappings).map((mapping, index) => toEffective(container, mapping, index));
}

function toEffective(container: ModuleLoaderContainer, mapping: KernelMapping, index: number): EffectiveMapping {
  const build = mergeBuild(container.build, mapping.build);
  const sign = mergeSign(container.sign, mapping.sign);
  return {
    index,
    path: `${containerPath}.kernelMappings[${index}]`,
    mapping,
    image: mapping.containerImage || container.containerImage || '',
    ...(build && { build }),
    ...(sign && { sign }),
  };
}

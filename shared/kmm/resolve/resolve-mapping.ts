import type { CheckedModule, EffectiveMapping } from '../checked-module.ts';
import type { KernelMapping, Modprobe, ModuleLoaderContainer } from '../module.ts';
import type { ModuleLoaderData, Resolution, ResolvedModprobe } from '../module-loader-data.ts';
import { podOptions } from '../pod-options.ts';
import { templateVariables } from '../template/template-variables.ts';
import { optional } from './optional.ts';
import { resolveBuild } from './resolve-build.ts';
import { resolveImage } from './resolve-image.ts';
import { resolveSign } from './resolve-sign.ts';
import { toTls } from './to-tls.ts';

export interface ResolvedKernel {
  kernelVersion: string;
  kernelNormalizedVersion: string;
  mapping: ModuleLoaderData['mapping'];
}

/** Replaces the templates of the mapping that a kernel got, and fills in what stands beside it in the Module. */
export function resolveMapping(
  checked: CheckedModule,
  container: ModuleLoaderContainer,
  effective: EffectiveMapping,
  kernel: ResolvedKernel,
): Resolution {
  const { module, namespace } = checked;
  const { spec, metadata } = module;
  const variables = templateVariables({ namespace, name: metadata.name }, kernel.kernelNormalizedVersion);
  const image = resolveImage('containerImage', effective.image, variables);
  if (image.kind === 'invalid') return { outcome: 'invalid', error: image.error, mapping: kernel.mapping };
  const dirName = container.modprobe?.dirName ?? '';
  const sign = resolveSign(effective, dirName, variables);
  if (sign.kind === 'invalid') return { outcome: 'invalid', error: sign.error, mapping: kernel.mapping };
  const { mapping } = effective;
  const data: ModuleLoaderData = {
    namespace,
    name: metadata.name,
    uid: metadata.uid,
    ...kernel,
    containerImage: image.value,
    ...optional('imagePullPolicy', container.imagePullPolicy),
    registryTLS: toTls(mapping.registryTLS ?? container.registryTLS),
    ...optional('imageRepoSecret', spec.imageRepoSecret?.name),
    ...optional('serviceAccountName', spec.moduleLoader?.serviceAccountName),
    ...optional('version', container.version),
    selector: spec.selector ?? {},
    tolerations: spec.tolerations ?? [],
    inTreeModulesToRemove: inTreeModulesToRemove(container, mapping),
    modprobe: resolveModprobe(container.modprobe ?? {}),
    ...(effective.build && { build: resolveBuild(effective.build) }),
    ...(sign.value && { sign: sign.value }),
    ...optional('imageRebuildTriggerGeneration', spec.imageRebuildTriggerGeneration),
    podOptions: podOptions(metadata.annotations),
  };
  return { outcome: 'resolved', data };
}

function resolveModprobe(modprobe: Modprobe): ResolvedModprobe {
  return {
    ...optional('moduleName', modprobe.moduleName),
    parameters: modprobe.parameters ?? [],
    dirName: modprobe.dirName ?? '',
    ...optional('args', modprobe.args && withoutUndefined(modprobe.args)),
    ...optional('rawArgs', modprobe.rawArgs && withoutUndefined(modprobe.rawArgs)),
    ...optional('firmwarePath', modprobe.firmwarePath),
    modulesLoadingOrder: modprobe.modulesLoadingOrder ?? [],
  };
}

function inTreeModulesToRemove(container: ModuleLoaderContainer, mapping: KernelMapping): string[] {
  const single = mapping.inTreeModuleToRemove || container.inTreeModuleToRemove;
  if (single) return [single];
  return mapping.inTreeModulesToRemove ?? container.inTreeModulesToRemove ?? [];
}

function withoutUndefined(args: { load?: string[] | undefined; unload?: string[] | undefined }) {
  return { ...optional('load', args.load), ...optional('unload', args.unload) };
}

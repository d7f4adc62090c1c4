import type {
  ModuleLoaderData,
  Resolution,
  ResolvedBuild,
  ResolvedModprobe,
  ResolvedSign,
  Tls,
} from './module-loader-data.ts';
import { optional } from './resolve/optional.ts';

/** One line of `kmm resolve`. Field names inside are the Module's own; what is not set is absent. */
export interface ResolveEntry {
  namespace: string;
  module: string;
  kernelVersion: string;
  outcome: Resolution['outcome'];
  mapping?: ModuleLoaderData['mapping'];
  containerImage?: string;
  imagePullPolicy?: string;
  registryTLS?: Partial<Tls>;
  build?: {
    dockerfileConfigMap: { name: string };
    buildArgs?: { name: string; value: string }[];
    secrets?: { name: string }[];
    baseImageRegistryTLS?: Partial<Tls>;
    kanikoParams?: { tag?: string };
    selector?: Record<string, string>;
  };
  sign?: {
    unsignedImage?: string;
    keySecret: { name: string };
    certSecret: { name: string };
    filesToSign: string[];
    unsignedImageRegistryTLS?: Partial<Tls>;
  };
  inTreeModulesToRemove?: string[];
  modprobe?: Partial<ResolvedModprobe>;
  error?: string;
}

/** A resolution as `kmm resolve` shows it. */
export function toResolveEntry(
  target: { namespace: string; module: string; kernelVersion: string },
  resolution: Resolution,
): ResolveEntry {
  const { namespace, module, kernelVersion } = target;
  const head = { namespace, module, kernelVersion, outcome: resolution.outcome };
  switch (resolution.outcome) {
    case 'no-module-loader':
      return head;
    case 'no-mapping':
      return { ...head, error: resolution.error };
    case 'invalid':
      return { ...head, ...(resolution.mapping && { mapping: resolution.mapping }), error: resolution.error };
    case 'resolved':
      return { ...head, ...dataFields(resolution.data) };
  }
}

function dataFields(data: ModuleLoaderData): Partial<ResolveEntry> {
  return {
    mapping: data.mapping,
    containerImage: data.containerImage,
    ...whenSet('imagePullPolicy', data.imagePullPolicy),
    ...whenSet('registryTLS', tlsFields(data.registryTLS)),
    ...whenSet('build', data.build && buildFields(data.build)),
    ...whenSet('sign', data.sign && signFields(data.sign)),
    ...whenSet('inTreeModulesToRemove', data.inTreeModulesToRemove),
    ...whenSet('modprobe', modprobeFields(data.modprobe)),
  };
}

function buildFields(build: ResolvedBuild): NonNullable<ResolveEntry['build']> {
  return {
    dockerfileConfigMap: { name: build.dockerfileConfigMap },
    ...whenSet('buildArgs', build.buildArgs),
    ...whenSet(
      'secrets',
      build.secrets.map((name) => ({ name })),
    ),
    ...whenSet('baseImageRegistryTLS', tlsFields(build.baseImageRegistryTLS)),
    ...whenSet('kanikoParams', build.kanikoParams),
    ...whenSet('selector', build.selector),
  };
}

function signFields(sign: ResolvedSign): NonNullable<ResolveEntry['sign']> {
  return {
    ...whenSet('unsignedImage', sign.unsignedImage),
    keySecret: { name: sign.keySecret },
    certSecret: { name: sign.certSecret },
    filesToSign: sign.filesToSign,
    ...whenSet('unsignedImageRegistryTLS', tlsFields(sign.unsignedImageRegistryTLS)),
  };
}

function modprobeFields({ parameters, modulesLoadingOrder, ...rest }: ResolvedModprobe): Partial<ResolvedModprobe> {
  return { ...rest, ...whenSet('parameters', parameters), ...whenSet('modulesLoadingOrder', modulesLoadingOrder) };
}

function tlsFields({ insecure, insecureSkipTLSVerify }: Tls): Partial<Tls> {
  return { ...(insecure && { insecure }), ...(insecureSkipTLSVerify && { insecureSkipTLSVerify }) };
}

/** Empty lists and empty objects count as unset too. */
function whenSet<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return isEmpty ? {} : optional(key, value);
}

import * as z from 'zod';
import { ObjectMeta, Toleration } from '../kubernetes/objects.ts';

// KMM's Module, kmm.sigs.x-k8s.io/v1beta1: every field of 1.x and 2.x. `null` and missing mean the same, so nulls are
// dropped before parsing (parse-module.ts). Defaults are not filled in here (defaults.ts), rules are not checked (rules/).
// https://github.com/kubernetes-sigs/kernel-module-management/blob/main/api/v1beta1/module_types.go

const LocalObjectReference = z.object({ name: z.string().default('') });

export const TlsOptions = z.object({ insecure: z.boolean().optional(), insecureSkipTLSVerify: z.boolean().optional() });
export type TlsOptions = z.infer<typeof TlsOptions>;

export const BuildArg = z.object({ name: z.string().default(''), value: z.string().default('') });
export type BuildArg = z.infer<typeof BuildArg>;

export const Build = z.object({
  buildArgs: z.array(BuildArg).optional(),
  dockerfileConfigMap: LocalObjectReference.optional(),
  baseImageRegistryTLS: TlsOptions.optional(),
  secrets: z.array(LocalObjectReference).optional(),
  kanikoParams: z.object({ tag: z.string().optional() }).optional(),
  selector: z.record(z.string(), z.string()).optional(),
});
export type Build = z.infer<typeof Build>;

export const Sign = z.object({
  unsignedImage: z.string().optional(),
  unsignedImageRegistryTLS: TlsOptions.optional(),
  keySecret: LocalObjectReference.optional(),
  certSecret: LocalObjectReference.optional(),
  filesToSign: z.array(z.string()).optional(),
});
export type Sign = z.infer<typeof Sign>;

const LoadAndUnload = z.object({ load: z.array(z.string()).optional(), unload: z.array(z.string()).optional() });

export const Modprobe = z.object({
  moduleName: z.string().optional(),
  parameters: z.array(z.string()).optional(),
  dirName: z.string().optional(),
  args: LoadAndUnload.optional(),
  rawArgs: LoadAndUnload.optional(),
  firmwarePath: z.string().optional(),
  modulesLoadingOrder: z.array(z.string()).optional(),
});
export type Modprobe = z.infer<typeof Modprobe>;

export const KernelMapping = z.object({
  build: Build.optional(),
  containerImage: z.string().optional(),
  literal: z.string().optional(),
  regexp: z.string().optional(),
  registryTLS: TlsOptions.optional(),
  sign: Sign.optional(),
  inTreeModuleToRemove: z.string().optional(),
  inTreeModulesToRemove: z.array(z.string()).optional(),
});
export type KernelMapping = z.infer<typeof KernelMapping>;

export const ModuleLoaderContainer = z.object({
  build: Build.optional(),
  containerImage: z.string().optional(),
  imagePullPolicy: z.string().optional(),
  kernelMappings: z.array(KernelMapping).optional(),
  modprobe: Modprobe.optional(),
  registryTLS: TlsOptions.optional(),
  sign: Sign.optional(),
  version: z.string().optional(),
  inTreeModuleToRemove: z.string().optional(),
  inTreeModulesToRemove: z.array(z.string()).optional(),
});
export type ModuleLoaderContainer = z.infer<typeof ModuleLoaderContainer>;

export const ModuleLoader = z.object({
  container: ModuleLoaderContainer.optional(),
  serviceAccountName: z.string().optional(),
});
export type ModuleLoader = z.infer<typeof ModuleLoader>;

/** core/v1 types are kept whole: we copy them into pods and understand only what a rule needs. */
const CoreObject = z.looseObject({});

export const Volume = z.looseObject({ name: z.string(), hostPath: z.looseObject({ path: z.string() }).optional() });
export type Volume = z.infer<typeof Volume>;

export const PluginContainer = z.object({
  args: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  env: z.array(CoreObject).optional(),
  image: z.string().optional(),
  imagePullPolicy: z.string().optional(),
  resources: CoreObject.optional(),
  volumeMounts: z.array(CoreObject).optional(),
});
export type PluginContainer = z.infer<typeof PluginContainer>;

export const DevicePlugin = z.object({
  container: PluginContainer.optional(),
  initContainer: PluginContainer.optional(),
  serviceAccountName: z.string().optional(),
  volumes: z.array(Volume).optional(),
  automountServiceAccountToken: z.boolean().optional(),
});
export type DevicePlugin = z.infer<typeof DevicePlugin>;

export const Dra = z.object({
  ...DevicePlugin.shape,
  driverName: z.string().optional(),
  deviceClasses: z
    .array(
      z.object({
        name: z.string().default(''),
        selectors: z.array(CoreObject).optional(),
        config: z.array(CoreObject).optional(),
      }),
    )
    .optional(),
});
export type Dra = z.infer<typeof Dra>;

export const ModuleSpec = z.object({
  moduleLoader: ModuleLoader.optional(),
  devicePlugin: DevicePlugin.optional(),
  dra: Dra.optional(),
  selector: z.record(z.string(), z.string()).optional(),
  imageRepoSecret: LocalObjectReference.optional(),
  imageRebuildTriggerGeneration: z.number().int().optional(),
  tolerations: z.array(Toleration).optional(),
});
export type ModuleSpec = z.infer<typeof ModuleSpec>;

export const Module = z.object({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  metadata: ObjectMeta,
  spec: ModuleSpec,
});
export type Module = z.infer<typeof Module>;

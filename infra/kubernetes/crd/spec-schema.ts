import { mostMappings } from '../../../shared/kmm/checked-module.ts';
import {
  Build,
  BuildArg,
  DevicePlugin,
  Dra,
  KernelMapping,
  Modprobe,
  ModuleLoader,
  ModuleLoaderContainer,
  ModuleSpec,
  PluginContainer,
  Sign,
} from '../../../shared/kmm/module.ts';
import { Toleration } from '../../../shared/kubernetes/objects.ts';
import type { Refinement } from './refinements.ts';
import { buildArgRules, buildRules } from './rules/build.ts';
import { containerRules, loaderRules, mappingRules, regexpRules, versionRules } from './rules/container.ts';
import { imageRules, templateRules, unsignedImageRules } from './rules/image.ts';
import { argsRules, dirNameRules, loadingOrderRules, modprobeRules, moduleNameRules } from './rules/modprobe.ts';
import { deviceClassRules, draRules, pluginContainerRules, pluginRules, pullPolicyRules } from './rules/plugin.ts';
import { signFileRules, signRules } from './rules/sign.ts';
import { selectorRules, specRules } from './rules/spec.ts';
import { tolerationRules } from './rules/tolerations.ts';
import { quantity, type StructuralSchema } from './structural-schema.ts';
import { toStructural } from './to-structural.ts';

// A rule's cost is estimated from the largest input that its limits allow, mapping by mapping: without them no rule is legal.
const image = { maxLength: 512 };
const name: Refinement = { maxLength: 253 };
const text: StructuralSchema = { type: 'string' };
const args: Refinement = { maxItems: 64, rules: argsRules };
const inTreeNames: Refinement = { maxItems: 64 };
const resources: Refinement = {
  properties: {
    limits: { type: 'object', additionalProperties: quantity },
    requests: { type: 'object', additionalProperties: quantity },
  },
};
const plugin: Readonly<Record<string, Refinement>> = {
  volumes: { maxItems: 64 },
  'volumes[].hostPath.path': { maxLength: 4096 },
};

const refinements = new Map<unknown, Readonly<Record<string, Refinement>>>([
  [
    ModuleSpec,
    {
      '': { rules: specRules },
      selector: { maxProperties: 64, rules: selectorRules },
      tolerations: { maxItems: 64 },
      imageRebuildTriggerGeneration: { description: 'A new value has every image of the Module made anew, once.' },
    },
  ],
  [
    Toleration,
    {
      '': { rules: tolerationRules },
      key: { maxLength: 512 },
      value: { maxLength: 512 },
      effect: name,
      operator: name,
    },
  ],
  [ModuleLoader, { '': { rules: loaderRules } }],
  [
    ModuleLoaderContainer,
    {
      '': { rules: [...containerRules, ...signRules, ...unsignedImageRules] },
      containerImage: { ...image, rules: imageRules },
      imagePullPolicy: { ...name, rules: pullPolicyRules },
      version: { ...name, rules: versionRules },
      kernelMappings: { maxItems: mostMappings },
      inTreeModulesToRemove: inTreeNames,
      inTreeModuleToRemove: name,
      'sign.filesToSign[]': { rules: templateRules },
    },
  ],
  [
    KernelMapping,
    {
      '': { rules: mappingRules },
      containerImage: { ...image, rules: imageRules },
      literal: name,
      regexp: { maxLength: 1024, rules: regexpRules },
      inTreeModulesToRemove: inTreeNames,
      inTreeModuleToRemove: name,
    },
  ],
  [
    Build,
    {
      '': { rules: buildRules },
      buildArgs: { maxItems: 64, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] },
      'kanikoParams.tag': { default: 'latest' },
    },
  ],
  [BuildArg, { '': { rules: buildArgRules, required: ['name'] } }],
  [
    Sign,
    {
      unsignedImage: { ...image, rules: templateRules },
      'keySecret.name': name,
      'certSecret.name': name,
      filesToSign: { maxItems: 64 },
      'filesToSign[]': { maxLength: 360, rules: signFileRules },
    },
  ],
  [
    Modprobe,
    {
      '': { rules: modprobeRules },
      moduleName: { ...name, rules: moduleNameRules },
      dirName: { default: '/opt', maxLength: 1024, rules: dirNameRules },
      'args.load': args,
      'args.unload': args,
      'rawArgs.load': args,
      'rawArgs.unload': args,
      modulesLoadingOrder: { maxItems: 64, rules: loadingOrderRules },
      'modulesLoadingOrder[]': name,
    },
  ],
  [
    PluginContainer,
    {
      '': { rules: pluginContainerRules },
      imagePullPolicy: { ...name, rules: pullPolicyRules },
      env: { maxItems: 512 },
      'env[]': { properties: { name: text } },
      volumeMounts: { maxItems: 64 },
      'volumeMounts[]': { properties: { name: text, mountPath: text } },
      resources,
    },
  ],
  [DevicePlugin, { '': { rules: pluginRules }, ...plugin }],
  [
    Dra,
    {
      '': { rules: draRules },
      ...plugin,
      driverName: { maxLength: 512 },
      deviceClasses: { maxItems: 64 },
      'deviceClasses[]': { rules: deviceClassRules },
      'deviceClasses[].name': { maxLength: 512 },
    },
  ],
]);

/** `spec` of a Module: every field of KMM's, and what lint refuses refused by the API server too. */
export function specSchema(): StructuralSchema {
  return toStructural(ModuleSpec, refinements);
}

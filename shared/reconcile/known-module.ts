import { annotations } from '../kmm/labels.ts';
import type { Module, ModuleSpec } from '../kmm/module.ts';
import type { Resolution } from '../kmm/module-loader-data.ts';
import { openModule } from '../kmm/resolve-module.ts';
import { type ModuleStatus, parseModuleStatus } from '../kmm/status.ts';
import type { ModuleObject } from '../kubernetes/objects.ts';
import type { TargetOptions } from './facts.ts';

/** A Module read from the API, with what every decision asks of it. */
export interface KnownModule {
  namespace: string;
  name: string;
  uid: string;
  generation: number;
  resourceVersion: string;
  annotations: Record<string, string>;
  status: ModuleStatus;
  /** Parsed, defaults filled in; `undefined` when the shape itself is wrong. */
  module: Module | undefined;
  spec: ModuleSpec | undefined;
  /** The first lint error: nothing new is made for an invalid Module. */
  invalid: string | undefined;
  resolve: (kernelVersion: string) => Resolution;
}

export function toKnownModule(object: ModuleObject): KnownModule {
  const { metadata } = object;
  const opened = openModule(object);
  return {
    namespace: metadata.namespace ?? 'default',
    name: metadata.name,
    uid: metadata.uid,
    generation: metadata.generation,
    resourceVersion: metadata.resourceVersion,
    annotations: metadata.annotations,
    status: parseModuleStatus(object.status),
    module: opened.module,
    spec: opened.module?.spec,
    invalid: opened.invalid,
    resolve: opened.resolve,
  };
}

/** `<namespace>/<name>`: how maps of one run name a Module. */
export function moduleKey(module: { namespace: string; name: string }): string {
  return `${module.namespace}/${module.name}`;
}

export function optionsOf(module: KnownModule): TargetOptions {
  const is = (key: string, value: string) => module.annotations[key] === value;
  return {
    followTag: !is(annotations.followTag, 'false'),
    paused: is(annotations.paused, 'true'),
    skipInspection: is(annotations.skipInspection, 'true'),
    deniedMeansMissing: is(annotations.deniedMeansMissing, 'true'),
  };
}

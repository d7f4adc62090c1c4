import { applyDefaults } from './apply-defaults.ts';
import { toCheckedModule } from './checked-module.ts';
import { findErrors } from './find-errors.ts';
import type { Finding } from './finding.ts';
import type { Module } from './module.ts';
import type { Resolution } from './module-loader-data.ts';
import { parseModule } from './parse-module.ts';
import { resolveKernel } from './resolve/resolve-kernel.ts';

/** Says what one Module means for a kernel. Asking twice costs nothing. */
export type Resolver = (kernelVersion: string) => Resolution;

const rememberedKernels = 1000;

/**
 * What a Module (as written, or from the API server) says about one kernel. Never throws: a Module that breaks a rule is
 * `invalid`, and so is one whose image or files come out wrong for this kernel. Use createResolver for many kernels.
 */
export function resolveModule(raw: unknown, kernelVersion: string): Resolution {
  return createResolver(raw)(kernelVersion);
}

/** Parses and checks a Module once, for many kernels. */
export function createResolver(raw: unknown): Resolver {
  return openModule(raw).resolve;
}

/** A Module read for use: defaults filled in, and what it says about each kernel. */
export interface OpenedModule {
  /** Absent when the shape itself is wrong. */
  module: Module | undefined;
  /** The first error: for every kernel the Module is `invalid`. */
  invalid: string | undefined;
  resolve: Resolver;
}

/** Reads a Module once for everything: its spec, whether it is valid, and its kernels. */
export function openModule(raw: unknown): OpenedModule {
  const parsed = parseModule(raw);
  if (parsed.kind === 'invalid') return refused(undefined, parsed.findings[0]);
  const checked = toCheckedModule(applyDefaults(parsed.module), parsed.document);
  const error = findErrors(checked)[0];
  if (error !== undefined) return refused(checked.module, error);
  const known = new Map<string, Resolution>();
  const remember: Resolver = (kernelVersion) => {
    const resolution = known.get(kernelVersion) ?? resolveKernel(checked, kernelVersion);
    if (known.size < rememberedKernels) known.set(kernelVersion, resolution);
    return resolution;
  };
  return { module: checked.module, invalid: undefined, resolve: remember };
}

function refused(module: Module | undefined, finding: Finding | undefined): OpenedModule {
  const error = finding === undefined ? 'not a Module' : sentence(finding);
  return { module, invalid: error, resolve: () => ({ outcome: 'invalid', error }) };
}

function sentence({ path, message }: Finding): string {
  return path === '' ? message : `${path}: ${message}`;
}

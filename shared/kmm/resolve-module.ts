import { matchedKernelVersion, normalizeKernelVersion } from '../kernel/kernel-version.ts';
import { applyDefaults } from './apply-defaults.ts';
import { type CheckedModule, toCheckedModule } from './checked-module.ts';
import { findMapping } from './find-mapping.ts';
import type { Finding } from './finding.ts';
import { findErrors } from './lint-module.ts';
import type { ModuleLoaderData, Resolution } from './module-loader-data.ts';
import { parseModule } from './parse-module.ts';
import { resolveMapping } from './resolve-mapping.ts';

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
  const parsed = parseModule(raw);
  if (parsed.kind === 'invalid') return () => invalid(parsed.findings[0]);
  const checked = toCheckedModule(applyDefaults(parsed.module), parsed.document);
  const error = findErrors(checked)[0];
  if (error !== undefined) return () => invalid(error);
  const known = new Map<string, Resolution>();
  return (kernelVersion) => {
    const resolution = known.get(kernelVersion) ?? resolve(checked, kernelVersion);
    if (known.size < rememberedKernels) known.set(kernelVersion, resolution);
    return resolution;
  };
}

function resolve(checked: CheckedModule, kernelVersion: string): Resolution {
  const { container } = checked;
  if (container === undefined) return { outcome: 'no-module-loader' };
  const match = findMapping(container.kernelMappings ?? [], matchedKernelVersion(kernelVersion));
  if (match.kind === 'none') {
    return {
      outcome: 'no-mapping',
      error: `no kernel mapping matches "${kernelVersion}": add a literal or regexp for it`,
    };
  }
  const { index } = match;
  if (match.kind === 'invalid') {
    return { outcome: 'invalid', error: `kernelMappings[${index}].regexp can't be used: ${match.reason}` };
  }
  const { literal, regexp } = match.mapping;
  const mapping: ModuleLoaderData['mapping'] = { index, ...(literal && { literal }), ...(regexp && { regexp }) };
  const effective = checked.mappings[index];
  if (effective === undefined) return { outcome: 'no-mapping', error: 'the mapping is gone' };
  const target = { kernelVersion, kernelNormalizedVersion: normalizeKernelVersion(kernelVersion), mapping };
  return resolveMapping(checked, container, effective, target);
}

function invalid(finding: Finding | undefined): Resolution {
  return { outcome: 'invalid', error: finding === undefined ? 'not a Module' : sentence(finding) };
}

function sentence({ path, message }: Finding): string {
  return path === '' ? message : `${path}: ${message}`;
}

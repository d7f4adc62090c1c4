import { matchedKernelVersion } from '../../../shared/kernel/kernel-version.ts';
import type { KernelMapping } from '../../../shared/kmm/module.ts';
import type { Resolution } from '../../../shared/kmm/module-loader-data.ts';

/** Which mapping a kernel got and why; without one, why none of them. */
export function mappingWords(
  resolution: Resolution,
  mappings: readonly KernelMapping[],
  kernelVersion: string,
): string {
  const kernel = matchedKernelVersion(kernelVersion);
  switch (resolution.outcome) {
    case 'resolved':
      return `${hitWords(resolution.data.mapping, kernel)}${earlierWords(resolution.data.mapping.index)}`;
    case 'invalid':
      return resolution.mapping === undefined ? 'none: the Module is invalid' : hitWords(resolution.mapping, kernel);
    case 'no-module-loader':
      return 'none: the Module has no moduleLoader';
    case 'no-mapping':
      return `no mapping: kernel ${kernel} against ${mappings.map(missWords).join(', ')}`;
  }
}

function hitWords(
  { index, literal, regexp }: { index: number; literal?: string; regexp?: string },
  kernel: string,
): string {
  const why = literal === kernel ? `literal ${literal} is this kernel` : `regexp ${regexp ?? ''} is found in it`;
  return `kernelMappings[${index}]: ${why}`;
}

function earlierWords(index: number): string {
  if (index === 0) return '';
  return index === 1 ? '; the one before does not match' : `; the ${index} before do not match`;
}

function missWords({ literal, regexp }: KernelMapping, index: number): string {
  return `[${index}] ${literal ? `literal ${literal}` : `regexp ${regexp ?? ''}`}`;
}

import { matchedKernelVersion, normalizeKernelVersion } from '../../kernel/kernel-version.ts';
import type { CheckedModule } from '../checked-module.ts';
import type { Resolution } from '../module-loader-data.ts';
import { findMapping } from './find-mapping.ts';
import { resolveMapping } from './resolve-mapping.ts';

/** What a Module without errors says about one kernel. */
export function resolveKernel(checked: CheckedModule, kernelVersion: string): Resolution {
  const { container } = checked;
  if (container === undefined) return { outcome: 'no-module-loader' };
  const match = findMapping(checked.mappings, matchedKernelVersion(kernelVersion));
  switch (match.kind) {
    case 'none': {
      const error = `no kernel mapping matches "${kernelVersion}": add a literal or regexp for it`;
      return { outcome: 'no-mapping', error };
    }
    case 'invalid':
      return { outcome: 'invalid', error: `kernelMappings[${match.index}].regexp can't be used: ${match.reason}` };
    case 'matched': {
      const { index, mapping } = match.effective;
      const { literal, regexp } = mapping;
      return resolveMapping(checked, container, match.effective, {
        kernelVersion,
        kernelNormalizedVersion: normalizeKernelVersion(kernelVersion),
        mapping: { index, ...(literal && { literal }), ...(regexp && { regexp }) },
      });
    }
  }
}

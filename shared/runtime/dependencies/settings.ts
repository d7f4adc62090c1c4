import type { ReconcileSettings } from '../../ports/target-ports.ts';
import { once } from '../once.ts';
import { configuration } from './configuration.ts';

/** What the installation says about targets, in the form that the steps take. */
export const settings = once((): ReconcileSettings => {
  const { loaderImage, firmwareHostPath, grants, ignoredTaints, registries, maxKernels, namespaces } = configuration();
  return {
    desired: { firmwareHostPath, ...(loaderImage !== undefined && { loaderImage }) },
    grants,
    ignoredTaints,
    hostAliases: registries.hostAliases,
    inspector: false,
    maxKernels,
    ...(namespaces !== undefined && { namespaces }),
  };
});

import type { PodOptions } from '../kmm/module-loader-data.ts';
import type { DesiredSettings } from './settings.ts';

/**
 * `direct`: the image itself holds a shell and modprobe (KMM 1.x). `copy`: an init container copies the kernel objects
 * out of the image and our loader image loads them (KMM 2.x).
 */
export type Shape = 'direct' | 'copy';

/** The Module's annotation, else `copy` where there is a loader image. Without one, `copy` can't be had. */
export function shapeOf(options: PodOptions, settings: DesiredSettings): Shape {
  if (settings.loaderImage === undefined) return 'direct';
  return options.shape ?? 'copy';
}

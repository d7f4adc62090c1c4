import { annotations } from '../kmm/labels.ts';

/** The annotation by which RBAC guards the manual call: `<time>[ force[ <kernel>/<arch>]]`. */
export interface ReResolveAnnotation {
  time: string;
  force: boolean;
  /** Only this target is forced, `*` for any kernel or any architecture; absent: all of the Module. */
  only?: string;
}

export function parseReResolve(value: string | undefined): ReResolveAnnotation | undefined {
  const [time, word, only] = (value ?? '').trim().split(/\s+/);
  if (time === undefined || time === '') return undefined;
  return { time, force: word === 'force', ...(word === 'force' && only !== undefined ? { only } : {}) };
}

interface Kernel {
  kernelVersion: string;
  architecture: string;
}

/**
 * What a user asked to be made anew: (`imageRebuildTriggerGeneration`, time of the last force). Two requests are the same
 * when their strings are. The annotation holds the last call only, so the force before it is remembered in `carriedOut`, the
 * request that the entry has: a later call without a force, or for another target, must not look like a new one.
 */
export function requestOf(
  moduleAnnotations: Record<string, string>,
  imageRebuildTriggerGeneration: number | undefined,
  target: Kernel,
  carriedOut = '/',
): string {
  const asked = parseReResolve(moduleAnnotations[annotations.reResolve]);
  const forced = asked !== undefined && isForced(asked, target) ? asked.time : forceOf(carriedOut);
  return `${imageRebuildTriggerGeneration ?? ''}/${forced}`;
}

/** Whether a call forces this target. */
export function isForced({ force, only }: ReResolveAnnotation, target: Kernel): boolean {
  if (!force || only === undefined) return force;
  const slash = only.lastIndexOf('/');
  const [kernelVersion, architecture] = [only.slice(0, slash), only.slice(slash + 1)];
  return [target.kernelVersion, '*'].includes(kernelVersion) && [target.architecture, '*'].includes(architecture);
}

function forceOf(request: string): string {
  return request.slice(request.indexOf('/') + 1);
}

import { annotations, entryKey } from '../kmm/labels.ts';

/** The annotation by which RBAC guards the manual call: `<time>[ force[ <kernel>/<arch>]]`. */
export interface ReResolveAnnotation {
  time: string;
  force: boolean;
  /** Only this target is forced; absent: all of the Module. */
  only?: string;
}

export function parseReResolve(value: string | undefined): ReResolveAnnotation | undefined {
  const [time, word, only] = (value ?? '').trim().split(/\s+/);
  if (time === undefined || time === '') return undefined;
  return { time, force: word === 'force', ...(word === 'force' && only !== undefined ? { only } : {}) };
}

/**
 * What a user asked to be made anew: (`imageRebuildTriggerGeneration`, time of the last force). Two requests are the same
 * when their strings are.
 */
export function requestOf(
  moduleAnnotations: Record<string, string>,
  imageRebuildTriggerGeneration: number | undefined,
  target: { kernelVersion: string; architecture: string },
): string {
  const asked = parseReResolve(moduleAnnotations[annotations.reResolve]);
  const forced =
    asked?.force === true && (asked.only === undefined || asked.only === entryKey(target)) ? asked.time : '';
  return `${imageRebuildTriggerGeneration ?? ''}/${forced}`;
}

import type { MigrationKind } from './kinds.ts';
import { kmmFinalizers } from './kmm-marks.ts';
import type { Marked } from './snapshot.ts';
import { type Step, toStep } from './step.ts';

/** A step for each object that bears a finalizer of KMM; those of others stay. */
export function dropFinalizers(kind: MigrationKind, objects: readonly Marked[], why: string): Step[] {
  return objects.flatMap((object) => {
    const finalizers = kmmFinalizers(object);
    if (finalizers.length === 0) return [];
    const kept = object.metadata.finalizers.filter((finalizer) => !finalizers.includes(finalizer));
    return [toStep(kind, object, { action: 'drop-finalizers', finalizers, kept }, why)];
  });
}

import type * as z from 'zod';
import { Node } from '../../../../shared/kubernetes/objects.ts';
import type { StoredObject } from '../store/object.ts';
import { ControlledSet, RunningPod } from '../store/readable.ts';

// Stored objects never change in place, so one parse per version is enough: a sync looks at thousands of them.
function remembered<T>(schema: z.ZodType<T>): (object: StoredObject) => T {
  const seen = new WeakMap<StoredObject, T>();
  return (object) => {
    const view = seen.get(object) ?? schema.parse(object);
    seen.set(object, view);
    return view;
  };
}

export const nodeView: (object: StoredObject) => Node = remembered(Node);
export const podView: (object: StoredObject) => RunningPod = remembered(RunningPod);
export const daemonSetView: (object: StoredObject) => ControlledSet = remembered(ControlledSet);

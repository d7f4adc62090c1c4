import type * as z from 'zod';
import { type Kind, type Kinds, resources } from './resources.ts';

const schemas: { [K in Kind]: z.ZodType<Kinds[K]> } = {
  Module: resources.Module.schema,
  Node: resources.Node.schema,
  Pod: resources.Pod.schema,
  ConfigMap: resources.ConfigMap.schema,
  Secret: resources.Secret.schema,
  Namespace: resources.Namespace.schema,
  Event: resources.Event.schema,
  DaemonSet: resources.DaemonSet.schema,
  Job: resources.Job.schema,
};

/** Parses one object of a known kind, as it came from the API; throws a ZodError. */
export function readObject<K extends Kind>(kind: K, value: unknown): Kinds[K] {
  return schemas[kind].parse(value);
}

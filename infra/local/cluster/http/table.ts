import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import type { Kind } from '../../../../shared/kubernetes/resources.ts';
import { isRecord, type StoredObject } from '../store/object.ts';

interface Column {
  name: string;
  cell: (object: StoredObject) => string | number;
}

/** `kubectl get` asks for tables: the server decides the columns. https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables */
export function wantsTable({ headers }: IncomingMessage): boolean {
  return headers.accept?.split(',')[0]?.includes('as=Table') ?? false;
}

export function tableOf(kind: Kind, objects: StoredObject[], metadata: object, now: Date): object {
  const all: Column[] = [
    { name: 'Name', cell: (object) => object.metadata.name },
    ...(columns[kind] ?? []),
    { name: 'Age', cell: (object) => age(object, now) },
  ];
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: all.map(({ name }) => ({ name, type: 'string', format: '', description: name, priority: 0 })),
    rows: objects.map((object) => ({
      cells: all.map(({ cell }) => cell(object)),
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  };
}

const columns: Partial<Record<Kind, Column[]>> = {
  Node: [
    { name: 'Status', cell: (node) => (conditionOf(node, 'Ready').status === 'True' ? 'Ready' : 'NotReady') },
    { name: 'Kernel-Version', cell: (node) => text(node, 'status', 'nodeInfo', 'kernelVersion') },
    { name: 'Arch', cell: (node) => text(node, 'status', 'nodeInfo', 'architecture') },
  ],
  Pod: [
    {
      name: 'Ready',
      cell: (pod) => `${containers(pod).filter(({ ready }) => ready).length}/${containers(pod).length}`,
    },
    { name: 'Status', cell: podStatus },
    { name: 'Restarts', cell: (pod) => containers(pod).reduce((sum, { restartCount }) => sum + restartCount, 0) },
    { name: 'Node', cell: (pod) => text(pod, 'spec', 'nodeName') },
  ],
  DaemonSet: [
    { name: 'Desired', cell: (set) => text(set, 'status', 'desiredNumberScheduled') },
    { name: 'Ready', cell: (set) => text(set, 'status', 'numberReady') },
    { name: 'Up-To-Date', cell: (set) => text(set, 'status', 'updatedNumberScheduled') },
    { name: 'Available', cell: (set) => text(set, 'status', 'numberAvailable') },
    { name: 'Image', cell: (set) => text(set, 'spec', 'template', 'spec', 'containers', '0', 'image') },
  ],
  Module: [
    { name: 'Ready', cell: (module) => conditionOf(module, 'Ready').status },
    { name: 'Reason', cell: (module) => conditionOf(module, 'Ready').reason },
    { name: 'Message', cell: (module) => conditionOf(module, 'Ready').message },
  ],
};

const Condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
});
const ContainerView = z.object({
  ready: z.boolean().default(false),
  restartCount: z.number().default(0),
  state: z.object({ waiting: z.object({ reason: z.string() }).optional() }).default({}),
});

function conditionOf(object: StoredObject, type: string): z.infer<typeof Condition> {
  const parsed = z.array(Condition).safeParse(at(object, ['status', 'conditions']));
  return parsed.data?.find((condition) => condition.type === type) ?? { type, status: '', reason: '', message: '' };
}

function containers(pod: StoredObject): z.infer<typeof ContainerView>[] {
  return z.array(ContainerView).safeParse(at(pod, ['status', 'containerStatuses'])).data ?? [];
}

function podStatus(pod: StoredObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating';
  const waiting = containers(pod).find(({ state }) => state.waiting !== undefined);
  return waiting?.state.waiting?.reason ?? text(pod, 'status', 'phase');
}

function text(object: StoredObject, ...path: string[]): string {
  return String(at(object, path) ?? '');
}

function at(value: unknown, path: string[]): unknown {
  const [field, ...rest] = path;
  if (field === undefined) return value;
  if (Array.isArray(value)) return at(value[Number(field)], rest);
  return isRecord(value) ? at(value[field], rest) : undefined;
}

/** As kubectl words it, by the largest unit. */
function age({ metadata }: StoredObject, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - Date.parse(metadata.creationTimestamp ?? '')) / 1000));
  const units: [size: number, letter: string][] = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'm'],
    [1, 's'],
  ];
  const [size, letter] = units.find(([each]) => seconds >= each) ?? [1, 's'];
  return Number.isNaN(seconds) ? '' : `${Math.floor(seconds / size)}${letter}`;
}

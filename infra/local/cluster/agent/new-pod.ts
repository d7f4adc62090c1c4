import { randomBytes } from 'node:crypto';
import type { ControlledSet } from '../store/readable.ts';
import { templateGeneration } from '../store/template-generation.ts';
import { podTolerations } from './node-fit.ts';

export const revisionLabel = 'controller-revision-hash';

/** As the controller marks pods beside the hash. */
function generationLabel(annotations: Record<string, string>): Record<string, string> {
  const generation = annotations[templateGeneration];
  return generation === undefined ? {} : { 'pod-template-generation': generation };
}

/** The pod of a DaemonSet on one node, as its controller would post it. */
export function newPod({ metadata, spec }: ControlledSet, hash: string, nodeName: string): object {
  const { name, uid } = metadata;
  const { labels, annotations } = spec.template.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-${randomBytes(4).toString('hex')}`,
      labels: { ...labels, [revisionLabel]: hash, ...generationLabel(metadata.annotations) },
      ...(annotations ? { annotations } : {}),
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'DaemonSet', name, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: { ...spec.template.spec, nodeName, tolerations: podTolerations(spec.template.spec) },
  };
}

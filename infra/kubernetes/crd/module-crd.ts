import type { Manifest } from '../../../shared/kubernetes/objects.ts';
import { specSchema } from './spec-schema.ts';
import { statusSchema } from './status-schema.ts';

const ready = (field: string) => `.status.conditions[?(@.type=="Ready")].${field}`;

/**
 * The CustomResourceDefinition of KMM's Module, made from the schema that the functions read with. It holds every field of
 * KMM 1.x and 2.x, so that it takes the place of KMM's own under standing Modules.
 */
export function renderModuleCrd(): Manifest {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'modules.kmm.sigs.x-k8s.io' },
    spec: {
      group: 'kmm.sigs.x-k8s.io',
      scope: 'Namespaced',
      names: { kind: 'Module', listKind: 'ModuleList', plural: 'modules', singular: 'module' },
      versions: [
        {
          name: 'v1beta1',
          served: true,
          storage: true,
          subresources: { status: {} },
          // Empty until the first condition is written.
          additionalPrinterColumns: [
            { name: 'Ready', type: 'string', jsonPath: ready('status') },
            { name: 'Reason', type: 'string', jsonPath: ready('reason') },
            { name: 'Message', type: 'string', jsonPath: ready('message') },
            { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
          ],
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description: 'Which out-of-tree kernel module belongs on which nodes, in which image, for each kernel.',
              required: ['spec'],
              properties: {
                apiVersion: { type: 'string' },
                kind: { type: 'string' },
                metadata: { type: 'object' },
                spec: specSchema(),
                status: statusSchema(),
              },
            },
          },
        },
      ],
    },
  };
}

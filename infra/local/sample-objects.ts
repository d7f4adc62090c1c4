import { parseAllDocuments } from 'yaml';
import * as z from 'zod';
import type { Manifest } from '../../shared/kubernetes/objects.ts';
import { sampleModule } from './sample-module.ts';

const Applicable = z.looseObject({
  apiVersion: z.string(),
  kind: z.enum(['Module', 'ConfigMap']),
  metadata: z.looseObject({ name: z.string(), namespace: z.string() }),
});

/** The sample as objects: the Module, then its Dockerfile. */
export function sampleObjects(registryHost: string): (Manifest & { kind: 'Module' | 'ConfigMap' })[] {
  return parseAllDocuments(sampleModule(registryHost)).map((document) => Applicable.parse(document.toJS()));
}

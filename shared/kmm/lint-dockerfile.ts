import * as z from 'zod';
import type { Finding } from './finding.ts';

const DockerfileConfigMap = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
  data: z.object({ dockerfile: z.string() }),
});

/**
 * What is wrong with the Dockerfile that a ConfigMap holds for a build; nothing when it holds none. `module` is the
 * ConfigMap's name: which Modules use it is not known from the file.
 */
export function lintDockerfile(configMap: unknown): Finding[] {
  const parsed = DockerfileConfigMap.safeParse(configMap);
  if (!parsed.success || !/\bDTK_AUTO\b/.test(parsed.data.data.dockerfile)) return [];
  const { metadata } = parsed.data;
  return [
    {
      module: metadata.name,
      namespace: metadata.namespace ?? 'default',
      path: 'data.dockerfile',
      rule: 'dtk-auto',
      severity: 'warning',
      message: dtkAutoMessage,
    },
  ];
}

/** OpenShift's own operator fills this argument in; nobody does elsewhere. */
export const dtkAutoMessage =
  "only OpenShift's own operator fills DTK_AUTO in: write FROM <driver-toolkit image of the nodes' release> in the Dockerfile (oc adm release info --image-for=driver-toolkit tells it)";

import type { Manifest } from '../../../shared/kubernetes/objects.ts';
import { type Installation, serverName } from '../installation.ts';
import { manualDoor, secretFiles, secretName, serverLabels } from './names.ts';
import { restricted } from './pod.ts';

/**
 * The sweep of a server that may be scaled to zero: every five minutes `kmm re-resolve` knocks at its manual door, which wakes
 * it. A server that always runs has a clock of its own.
 */
export function renderSweep({ namespace, image }: Installation): Manifest {
  const door = `http://${serverName}.${namespace}.svc/events/manual/${manualDoor}`;
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: `${serverName}-sweep`, namespace, labels: serverLabels },
    spec: {
      schedule: '*/5 * * * *',
      // The next one does the same work; two at once do it twice.
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 120,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 1,
      jobTemplate: {
        spec: {
          backoffLimit: 2,
          activeDeadlineSeconds: 240,
          template: {
            spec: {
              restartPolicy: 'Never',
              automountServiceAccountToken: false,
              enableServiceLinks: false,
              containers: [
                {
                  name: 'sweep',
                  image,
                  args: ['kmm.cjs', 're-resolve', '--sweep', '--door', door],
                  env: [
                    {
                      name: 'KMM_DOOR_SECRET',
                      valueFrom: { secretKeyRef: { name: secretName, key: secretFiles.door } },
                    },
                  ],
                  resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '256Mi' } },
                  securityContext: restricted,
                },
              ],
            },
          },
        },
      },
    },
  };
}

import { serverName } from '../installation.ts';

/** Labels of everything that is the server's; its pods are selected by them. */
export const serverLabels = { 'app.kubernetes.io/name': serverName };

export const configMapName = serverName;
export const secretName = serverName;

/** Keys of the Secret, which are file names in the pod. */
export const secretFiles = { hook: 'hook', previousHook: 'previous-hook', door: 'door' } as const;

export const paths = {
  configuration: '/etc/kmm/configuration',
  secrets: '/etc/kmm/secrets',
  tls: '/etc/kmm/tls',
} as const;

/** The manual door that the sweep of the knative profile knocks at; an admin may too. */
export const manualDoor = 'ops';

export const ports = { http: 8080, https: 8443 } as const;

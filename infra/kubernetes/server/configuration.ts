import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import type { Manifest } from '../../../shared/kubernetes/objects.ts';
import type { Installation } from '../installation.ts';
import { configMapName, manualDoor, paths, secretFiles, secretName } from './names.ts';

/** What the server is told: `KMM_CONFIG` in a ConfigMap, and beside it the Secret whose files the configuration names. */
export function renderConfiguration(installation: Installation): Manifest[] {
  const { namespace, secrets } = installation;
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: configMapName, namespace },
      data: { 'configuration.json': `${JSON.stringify(configuration(installation), null, 2)}\n` },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: secretName, namespace },
      type: 'Opaque',
      stringData: {
        [secretFiles.hook]: secrets.hook,
        ...(secrets.previousHook !== undefined && { [secretFiles.previousHook]: secrets.previousHook }),
        [secretFiles.door]: secrets.door,
      },
    },
  ];
}

/** In the form of `shared/runtime/configuration.ts`. Only what differs from its defaults, so that they may change. */
export function configuration(installation: Installation) {
  const { clusterName, namespaces, loaderImage, ignoredTaints, secrets } = installation;
  const file = (name: string) => `${paths.secrets}/${name}`;
  const isDefault = ignoredTaints.join() === defaultIgnoredTaints.join();
  return {
    clusterName,
    ...(namespaces && { namespaces }),
    ...(loaderImage !== undefined && { loaderImage }),
    ...(!isDefault && { ignoredTaints }),
    clusterHookSecrets: [
      file(secretFiles.hook),
      ...(secrets.previousHook === undefined ? [] : [file(secretFiles.previousHook)]),
    ],
    sources: [{ source: 'manual', name: manualDoor, secrets: [file(secretFiles.door)] }],
  };
}

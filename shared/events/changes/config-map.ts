import type { ConfigMap } from '../../kubernetes/objects.ts';
import type { DockerfileTrigger } from '../trigger.ts';
import type { Change } from './change.ts';

/** The `dockerfile` key of any ConfigMap appeared, changed or went. */
export function configMapTriggers({ before, after }: Change<ConfigMap>): DockerfileTrigger[] {
  const { namespace, name } = (after ?? before)?.metadata ?? {};
  if (namespace === undefined || name === undefined || dockerfile(before) === dockerfile(after)) return [];
  return [{ kind: 'dockerfile', namespace, configMap: name }];
}

/** Empty and absent are the same: neither builds anything. */
function dockerfile(configMap: ConfigMap | undefined): string {
  return configMap?.data?.['dockerfile'] ?? '';
}

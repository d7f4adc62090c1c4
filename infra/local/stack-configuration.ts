import { Configuration } from '../../shared/runtime/configuration.ts';

/** The name under which the embedded registry's notifications come: `/events/distribution/local`. */
export const registrySource = { source: 'distribution', name: 'local' } as const;

/** The server's configuration where everything is on loopback: that registry may be asked there, and by plain HTTP. */
export function stackConfiguration(registryHost: string, secretName: string): Configuration {
  return Configuration.parse({
    clusterName: 'local',
    registries: { loopback: [registryHost], plainHttp: [registryHost] },
    sources: [{ ...registrySource, secrets: [secretName] }],
  });
}

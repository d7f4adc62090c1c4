import type { DockerConfig } from '../../../shared/oci/docker-config.ts';

/** How registries are to be asked from here. */
export interface RegistryChoice {
  /** Asked by http, and allowed on this machine. */
  plainHttp: readonly string[];
  /** Allowed on this machine. */
  loopback: readonly string[];
  /** PEM. */
  ca: string | undefined;
  /** Takes the place of the Modules' own pull secrets. */
  dockerConfig: DockerConfig | undefined;
  /** `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in either case. */
  env: Readonly<Record<string, string | undefined>>;
}

/** What `kmm install` is told; every manifest follows from it, and from nothing else. */
export interface Installation {
  /** Where the functions live. */
  namespace: string;
  clusterName: string;
  profile: Profile;
  events: EventSource;
  /** Modules are served in these only; absent: in all. */
  namespaces?: readonly string[];
  /** The image of the server (infra/kubernetes/Dockerfile); not for the lambda profile. */
  image?: string;
  loaderImage?: string;
  ignoredTaints: readonly string[];
  kernelLabel: 'policy' | 'function';
  /** The user as which the functions come from outside the cluster (lambda profile). */
  user?: string;
  secrets: Secrets;
}

/** `lambda`: the functions run elsewhere, and only what the cluster has to hold for them is rendered. */
export type Profile = 'deployment' | 'knative' | 'lambda';

export type EventSource =
  /** The server watches. */
  | { kind: 'watch' }
  /** The API server calls each change in. */
  | { kind: 'hooks'; door: Door }
  /** Knative's ApiServerSource, through a broker that holds events while the service is scaled to zero. */
  | { kind: 'broker' };

/** Where the API server finds `cluster-hook`. */
export type Door = { kind: 'url'; sink: string; caBundle?: string } | { kind: 'service'; tls: Tls };

/** Who made the certificate: its Secret, and how the API server comes to trust it. */
export interface Tls {
  secretName: string;
  /** PEM. */
  caBundle?: string;
  /** `namespace/name` of a cert-manager Certificate, whose injector keeps the hooks' caBundle. */
  injectCaFrom?: string;
}

/** Values, and so for Secrets and hook paths only. */
export interface Secrets {
  hook: string;
  /** Still valid while a new one is brought in. */
  previousHook?: string;
  /** Of the manual door, which the sweep of the knative profile knocks at. */
  door: string;
}

export const serverName = 'kmm-functions';
export const serviceAccount = 'functions';

/** Who the functions are to the API server. */
export function userOf({ namespace, user }: Installation): string {
  return user ?? `system:serviceaccount:${namespace}:${serviceAccount}`;
}

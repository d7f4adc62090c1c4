/** Where an API server is and who we are there. PEM texts, not paths. */
export interface KubernetesConnection {
  /** `https://host:port[/prefix]`; plain http only on loopback, where nobody else can listen in. */
  server: string;
  ca?: string | undefined;
  clientCert?: string | undefined;
  clientKey?: string | undefined;
  /**
   * Asked for every request, so that a rotated token is used at once: it must be cheap. `refused` is the token that the
   * server has just answered 401 to: a source that remembers tokens looks again before it gives that one out.
   */
  token?: ((refused?: string) => Promise<string>) | undefined;
  /** Whom the server shall take us for, if our own account may ask for that. */
  impersonate?: { user: string; groups?: readonly string[]; uid?: string | undefined } | undefined;
  /** The name to expect in the server's certificate, when it is not the host of `server`. */
  tlsServerName?: string | undefined;
  insecureSkipTlsVerify?: boolean | undefined;
  /** `http[s]://host:port` of a proxy that opens a tunnel; only for an https server. */
  proxy?: string | undefined;
}

export type TokenSource = NonNullable<KubernetesConnection['token']>;

/** Where an API server is and who we are there. PEM texts, not paths. */
export interface KubernetesConnection {
  /** `https://host:port[/prefix]`; plain http only on loopback, where nobody else can listen in. */
  server: string;
  ca?: string | undefined;
  clientCert?: string | undefined;
  clientKey?: string | undefined;
  /** Asked for every request, so that a rotated token is used at once: it must be cheap. */
  token?: (() => Promise<string>) | undefined;
  /** The name to expect in the server's certificate, when it is not the host of `server`. */
  tlsServerName?: string | undefined;
  insecureSkipTlsVerify?: boolean | undefined;
}

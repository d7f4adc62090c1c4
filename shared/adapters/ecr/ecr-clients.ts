import type { ECRClient, ECRClientConfig } from '@aws-sdk/client-ecr';

export interface EcrOptions {
  /** Overrides of the SDK's configuration: tests set `endpoint` and `credentials`. The default chain finds the rest. */
  client?: Pick<ECRClientConfig, 'endpoint' | 'credentials' | 'maxAttempts'>;
  now?: () => Date;
}

type Sdk = typeof import('./sdk.ts');
export type FindClient = (region: string) => Promise<{ sdk: Sdk; client: ECRClient }>;

/** Loads the SDK on the first call, and keeps one client per region. The SDK itself retries throttling and 5xx. */
export function createEcrClients({ client: overrides }: EcrOptions): FindClient {
  const clients = new Map<string, ECRClient>();
  return async (region) => {
    const sdk = await import('./sdk.ts');
    const client =
      clients.get(region) ??
      new sdk.ECRClient({
        region,
        maxAttempts: 3,
        requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000 },
        ...overrides,
      });
    // Regions are those of granted images: a handful.
    clients.set(region, client);
    return { sdk, client };
  };
}

import type { TargetFacts } from '../../shared/reconcile/facts.ts';
import { digestA, moduleLoaderData } from './module-loader-data.ts';

export const now = new Date('2026-11-01T12:00:00Z');
export const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();

export const found = { kind: 'found', digest: digestA, tagDigest: digestA } as const;
export const missing = { kind: 'missing', platforms: [] as string[] } as const;
export const unreachable = {
  kind: 'unreachable',
  code: 'Unavailable',
  detail: '503',
  message: 'looking up the image: 503',
  denied: false,
} as const;

export const build = {
  dockerfileConfigMap: 'dockerfile',
  buildArgs: [],
  secrets: [],
  baseImageRegistryTLS: { insecure: false, insecureSkipTLSVerify: false },
  selector: {},
};
export const sign = {
  unsignedImageRegistryTLS: { insecure: false, insecureSkipTLSVerify: false },
  keySecret: 'key',
  certSecret: 'cert',
  filesToSign: ['/opt/lib/modules/a.ko'],
};

/** A target whose image is there and whose DaemonSet is not: a test names only what it is about. */
export function targetFacts(
  overrides: Partial<TargetFacts> & { data?: Parameters<typeof moduleLoaderData>[0] } = {},
): TargetFacts {
  const { data, ...rest } = overrides;
  return {
    target: { namespace: 'gpu', module: 'acme', kernelVersion: '6.1.0-18-cloud-amd64', architecture: 'amd64' },
    now,
    generation: 1,
    resolution: { outcome: 'resolved', data: moduleLoaderData(data) },
    entry: undefined,
    options: { followTag: true, paused: false, skipInspection: false, deniedMeansMissing: false },
    capabilities: { builder: 'none', signer: false, inspector: false },
    cause: { imageEvent: false, rollout: false },
    request: '/',
    image: found,
    podsSeen: true,
    templateInputs: (digest) => `inputs of ${digest}`,
    ...rest,
  };
}

export function liveDaemonSet(overrides: Partial<NonNullable<TargetFacts['daemonSet']>> = {}) {
  return {
    name: 'acme-0123456789',
    uid: 'u',
    resourceVersion: '1',
    templateInputs: `inputs of ${digestA}`,
    digest: digestA,
    image: moduleLoaderData().containerImage,
    observed: true,
    desired: 3,
    current: 3,
    updated: 3,
    available: 3,
    onDeadNodes: 0,
    updatedOnDeadNodes: 0,
    ...overrides,
  };
}

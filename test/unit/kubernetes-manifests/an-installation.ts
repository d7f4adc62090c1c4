import type { Installation } from '../../../infra/kubernetes/installation.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import type { Manifest } from '../../../shared/kubernetes/objects.ts';

/** A server that watches by itself; a test names only what it is about. */
export function anInstallation(overrides: Partial<Installation> = {}): Installation {
  return {
    namespace: 'kmm-functions',
    clusterName: 'test',
    profile: 'deployment',
    events: { kind: 'watch' },
    image: 'registry.example/kmm:1',
    ignoredTaints: defaultIgnoredTaints,
    kernelLabel: 'function',
    secrets: { hook: 'hook-secret-of-the-test', door: 'door-secret-of-the-test' },
    ...overrides,
  };
}

export const byUrl = { kind: 'hooks', door: { kind: 'url', sink: 'https://kmm.example/base/' } } as const;
export const byService = {
  kind: 'hooks',
  door: { kind: 'service', tls: { secretName: 'kmm-tls', caBundle: 'PEM', injectCaFrom: 'kmm-functions/kmm' } },
} as const;

/** Every value under a key, however deep. */
export function valuesOf(key: string, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [...(name === key ? [inner] : []), ...valuesOf(key, inner)]);
}

export function ofKind(kind: string, manifests: readonly Manifest[]): Manifest[] {
  return manifests.filter((manifest) => manifest.kind === kind);
}

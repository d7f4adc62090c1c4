import type { ModuleLoaderData, ResolvedModprobe } from '../../shared/kmm/module-loader-data.ts';

export const digestA = `sha256:${'a'.repeat(64)}` as const;
export const digestB = `sha256:${'b'.repeat(64)}` as const;

/** A resolved mapping with nothing special about it; a test names only what it is about. */
export function moduleLoaderData(
  overrides: Partial<Omit<ModuleLoaderData, 'modprobe'>> & { modprobe?: Partial<ResolvedModprobe> } = {},
): ModuleLoaderData {
  const { modprobe, ...rest } = overrides;
  return {
    namespace: 'gpu',
    name: 'acme',
    uid: '5f0c6b2e-0000-4000-8000-000000000001',
    kernelVersion: '6.1.0-18-cloud-amd64',
    kernelNormalizedVersion: '6.1.0-18-cloud-amd64',
    mapping: { index: 0, literal: '6.1.0-18-cloud-amd64' },
    containerImage: 'registry.example/acme/kmod:6.1.0-18-cloud-amd64',
    registryTLS: { insecure: false, insecureSkipTLSVerify: false },
    selector: { 'example.com/acme': 'present' },
    tolerations: [],
    inTreeModulesToRemove: [],
    modprobe: { moduleName: 'acme_kmod', parameters: [], dirName: '/opt', modulesLoadingOrder: [], ...modprobe },
    podOptions: { gracePeriodSeconds: 600, maxUnavailable: '10%' },
    ...rest,
  };
}

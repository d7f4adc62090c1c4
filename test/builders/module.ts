type Fields = Record<string, unknown>;

export interface ModuleOverrides {
  metadata?: Fields;
  spec?: Fields;
  container?: Fields;
  modprobe?: Fields;
  /** Changes the only mapping; `mappings` replaces the list. */
  mapping?: Fields;
  mappings?: Fields[];
}

/** A Module as a person writes it, without any finding: a test names only what it is about; null takes a field away. */
export function rawModule(overrides: ModuleOverrides = {}): Fields {
  const mapping = { regexp: '^.+$', ...overrides.mapping };
  return {
    apiVersion: 'kmm.sigs.x-k8s.io/v1beta1',
    kind: 'Module',
    metadata: { name: 'acme', namespace: 'gpu', ...overrides.metadata },
    spec: {
      selector: { 'example.com/acme': 'present' },
      moduleLoader: {
        container: {
          containerImage: 'registry.example/acme/kmod:${KERNEL_FULL_VERSION}',
          modprobe: { moduleName: 'acme', ...overrides.modprobe },
          kernelMappings: overrides.mappings ?? [mapping],
          ...overrides.container,
        },
      },
      ...overrides.spec,
    },
  };
}

/** A complete build. */
export const build = { dockerfileConfigMap: { name: 'acme-dockerfile' } };

/** A complete signing. */
export const sign = {
  unsignedImage: 'registry.example/acme/unsigned:${KERNEL_FULL_VERSION}',
  keySecret: { name: 'key' },
  certSecret: { name: 'cert' },
  filesToSign: ['/opt/lib/modules/${KERNEL_FULL_VERSION}/acme.ko'],
};

/** A complete device plugin. */
export const devicePlugin = { container: { image: 'registry.example/acme/plugin:1.0' } };

/** A complete DRA driver. */
export const dra = { driverName: 'gpu.example.com', container: { image: 'registry.example/acme/dra:1.0' } };

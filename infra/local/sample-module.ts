/** The registry that the sample names; `npm start` puts the embedded one in its place. */
const placeholder = 'registry.example.com';

/** The sample Module as a user would write it, with its images in the given registry. YAML, two documents. */
export function sampleModule(registryHost = placeholder): string {
  return sample.replaceAll(placeholder, registryHost);
}

export const sampleNames = { namespace: 'kmm-demo', module: 'simple-kmod' } as const;

// In a .ts file, so that the packed command holds it too. Only `${` and `\` are written differently here than in YAML.
const sample = `# One kernel module for a fleet of many kernels. The first mapping that matches a node's kernel (uname -r) wins.
apiVersion: kmm.sigs.x-k8s.io/v1beta1
kind: Module
metadata:
  name: simple-kmod
  namespace: kmm-demo
spec:
  moduleLoader:
    container:
      modprobe:
        moduleName: simple-kmod       # what modprobe loads, from /opt/lib/modules/<kernel> in the image
        parameters:
          - greeting=hello
      kernelMappings:
        # This very kernel, by name.
        - literal: 6.1.0-47-amd64
          containerImage: registry.example.com/simple-kmod:debian-12
        # Every Fedora 37 kernel: one image for each, named after the kernel. Somebody builds and pushes them.
        - regexp: '^.+\\.fc37\\.x86_64$'
          containerImage: registry.example.com/simple-kmod-fc37:\${KERNEL_FULL_VERSION}
        # Everything else: built from a Dockerfile in the cluster when the image is not there yet.
        - regexp: '^.+$'
          containerImage: registry.example.com/simple-kmod-any:\${KERNEL_FULL_VERSION}
          build:
            dockerfileConfigMap:
              name: simple-kmod-dockerfile
  devicePlugin:                       # runs where the module is loaded, and nowhere else
    container:
      image: registry.example.com/simple-device-plugin:1.0
  selector:                           # the nodes that this Module is for
    node-role.kubernetes.io/worker: ""
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: simple-kmod-dockerfile
  namespace: kmm-demo
data:
  dockerfile: |
    ARG KERNEL_FULL_VERSION
    FROM registry.example.com/kernel-devel:\${KERNEL_FULL_VERSION} AS builder
    COPY . /src
    RUN make -C /lib/modules/\${KERNEL_FULL_VERSION}/build M=/src
    FROM registry.example.com/kmod-base:1
    COPY --from=builder /src/*.ko /opt/lib/modules/\${KERNEL_FULL_VERSION}/
`;

import type { KernelEntry, State } from '../../../shared/kmm/status.ts';

/** What a person can do about a target: by its reason where that says more than its state. */
export function nextStep(entry: KernelEntry, module: string): string {
  return (byReason[entry.reason ?? ''] ?? byState[entry.state])({ image: entry.image ?? 'the image', module });
}

type Words = (about: { image: string; module: string }) => string;

const byState: Record<State, Words> = {
  NoMapping: () => 'nothing is loaded on this kernel; add a literal or regexp for it to kernelMappings if it should be',
  Invalid: ({ module }) =>
    `correct the Module: "kubectl get module -n ${module.replace('/', ' ')} -o yaml | kmm lint -f -" says how`,
  ImageMissing: ({ image, module }) =>
    `push ${image}; a registry that sends no events is seen by "kmm re-resolve --module ${module}"`,
  RegistryUnreachable: () => 'nothing was changed; it is asked again by itself',
  Building: () => 'wait for the build',
  BuildFailed: ({ module }) =>
    `read the end of the build log above, correct the build, or try again: "kmm re-resolve --module ${module} --force"`,
  Signing: () => 'wait for the signing',
  SignFailed: ({ module }) => `correct what the message names, then "kmm re-resolve --module ${module} --force"`,
  Inspecting: () => 'wait for the inspection',
  ImageRejected: ({ image }) => `push an image to ${image} that is right for this kernel; what runs now stays`,
  RollingOut: () => 'wait: one node first, then the others',
  RolloutFailed: () => 'correct what the pod says; a new image or spec is rolled out by itself, one node first',
  Ready: () => 'nothing to do',
};

const credentials: Words = ({ module }) =>
  `correct the imageRepoSecret of ${module}: it must hold credentials that may pull this image; nothing was built or changed`;

const byReason: Readonly<Record<string, Words>> = {
  Unauthorized: credentials,
  Forbidden: credentials,
  PullSecretMissing: credentials,
  PullSecretInvalid: credentials,
  PullSecretForbidden: () => 'let the functions read this Secret (RBAC: get secrets in the namespace)',
  DeniedOrMissing: ({ module }) =>
    `create the repository, correct the imageRepoSecret, or annotate ${module} with kmm.node.kubernetes.io/denied-means-missing: "true"`,
  Tls: () => "give the installation the registry's CA (registries.ca), or set registryTLS.insecureSkipTLSVerify",
  Dns: () => 'correct the host in containerImage, or the DNS of where the functions run',
  RefusedAddress: () => 'correct the host in containerImage, or list it under registries.loopback in the configuration',
  RateLimited: () =>
    'wait: the registry is asked again when it allows; an imageRepoSecret with an account may raise its limit',
  NoBuilder: ({ image }) => `push ${image} from your own pipeline: no builder is configured here`,
  NoSigner: ({ image }) => `push ${image} signed: no signer is configured here`,
  Paused: ({ module }) => `take the annotation kmm.node.kubernetes.io/paused off ${module} when it may go on`,
};

import * as z from 'zod';

// Here and not in desired/: it is Kubernetes' own rule, on any namespace and any pod template.
// https://kubernetes.io/docs/concepts/security/pod-security-standards/

export const enforceLabel = 'pod-security.kubernetes.io/enforce';

/** What of a namespace decides which pods may be made in it. */
export interface NamespaceMarks {
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** `why` names the parts of the pods that the level forbids; `message` is a whole sentence that says what to do. */
export type PodSecurityVerdict =
  | { kind: 'allowed' }
  | {
      kind: 'forbidden';
      reason: 'PodSecurityForbids';
      level: 'baseline' | 'restricted';
      why: string[];
      message: string;
    };

/**
 * Whether a namespace's Pod Security level forbids the pods of a DaemonSet. Without the label the cluster's default holds,
 * which can't be read: allowed. Only what `baseline` forbids is looked at: `restricted` forbids it too, and pods that load
 * modules always have some of it. The DaemonSet itself is accepted; it is its pods that are refused, without a word on them.
 */
export function podSecurityVerdict(namespace: NamespaceMarks, daemonSet: unknown): PodSecurityVerdict {
  const level = enforcedLevel(namespace.labels);
  if (level === 'privileged') return { kind: 'allowed' };
  const why = beyondBaseline(daemonSet);
  if (why.length === 0) return { kind: 'allowed' };
  const message = `namespace ${namespace.name} enforces the Pod Security level "${level}", which forbids these pods (${why.join('; ')}): label it ${enforceLabel}=privileged`;
  return { kind: 'forbidden', reason: 'PodSecurityForbids', level, why, message };
}

/**
 * What OpenShift asks beside it: its own admission lets a pod in only by an SCC that its service account may use, and which
 * that is can't be read off the namespace. Undefined elsewhere, and for pods that need none.
 * https://docs.openshift.com/container-platform/latest/authentication/managing-security-context-constraints.html
 */
export function sccNote(namespace: NamespaceMarks, daemonSet: unknown): string | undefined {
  const isOpenShift = Object.keys(namespace.annotations).some((key) => key.startsWith('openshift.io/sa.scc.'));
  if (!isOpenShift || beyondBaseline(daemonSet).length === 0) return undefined;
  const account = specOf(daemonSet).serviceAccountName || 'default';
  return `on OpenShift the service account ${account} needs an SCC that allows these pods, as by "oc adm policy add-scc-to-user privileged -z ${account} -n ${namespace.name}"`;
}

/** A value that is no level counts as the strictest, as the API server has it. */
export function enforcedLevel(labels: Record<string, string>): 'privileged' | 'baseline' | 'restricted' {
  const value = labels[enforceLabel] ?? 'privileged';
  return value === 'privileged' || value === 'baseline' ? value : 'restricted';
}

const Container = z.object({
  name: z.string().default(''),
  ports: z.array(z.object({ hostPort: z.number().optional() })).optional(),
  securityContext: z
    .object({
      privileged: z.boolean().optional(),
      capabilities: z.object({ add: z.array(z.string()).optional() }).optional(),
      seLinuxOptions: z.object({ type: z.string().optional() }).optional(),
    })
    .nullish(),
});
const PodSpec = z.object({
  serviceAccountName: z.string().optional(),
  hostNetwork: z.boolean().optional(),
  hostPID: z.boolean().optional(),
  hostIPC: z.boolean().optional(),
  initContainers: z.array(Container).optional(),
  containers: z.array(Container).default([]),
  volumes: z.array(z.object({ name: z.string(), hostPath: z.unknown() })).nullish(),
});
type PodSpec = z.infer<typeof PodSpec>;

function specOf(daemonSet: unknown): PodSpec {
  const parsed = z.object({ spec: z.object({ template: z.object({ spec: PodSpec }) }) }).safeParse(daemonSet);
  return parsed.success ? parsed.data.spec.template.spec : { containers: [] };
}

const baselineCapabilities = new Set(
  `AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT`.split(
    ' ',
  ),
);
const baselineTypes = new Set(['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t']);

function beyondBaseline(daemonSet: unknown): string[] {
  const spec = specOf(daemonSet);
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const contexts = containers.map(({ securityContext }) => securityContext ?? {});
  const findings: [what: string, named: string[]][] = [
    ['hostPath volumes', (spec.volumes ?? []).flatMap(({ name, hostPath }) => (hostPath ? [name] : []))],
    ['privileged containers', containers.flatMap((one) => (one.securityContext?.privileged ? [one.name] : []))],
    [
      'capability',
      contexts.flatMap(({ capabilities }) => capabilities?.add ?? []).filter((cap) => !baselineCapabilities.has(cap)),
    ],
    [
      'SELinux type',
      contexts.flatMap(({ seLinuxOptions }) => seLinuxOptions?.type ?? []).filter((type) => !baselineTypes.has(type)),
    ],
    ['host namespaces', (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field])],
    [
      'host ports',
      containers.flatMap(({ ports = [] }) => ports.flatMap(({ hostPort }) => (hostPort ? [`${hostPort}`] : []))),
    ],
  ];
  return findings.flatMap(([what, named]) => (named.length === 0 ? [] : [`${what} ${[...new Set(named)].join(', ')}`]));
}

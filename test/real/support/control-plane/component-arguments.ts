import type { CertificateFiles } from './authority.ts';

/** Files and addresses that the components' command lines name. */
export interface ClusterFiles {
  folder: string;
  ports: { api: number; etcd: number; etcdPeer: number };
  ca: CertificateFiles;
  serving: CertificateFiles;
  /** Signs the tokens of service accounts. */
  serviceAccounts: CertificateFiles;
  auditPolicy: string;
  auditLog: string;
  kubeconfigs: { controllerManager: string; schedulerConfig: string; kwok: string };
  kwokStages: string;
}

export const componentNames = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'] as const;
export type ComponentName = (typeof componentNames)[number];

/** The arguments of each component. Only the API server and etcd listen, on loopback. */
export const componentArguments: Record<ComponentName, (files: ClusterFiles) => string[]> = {
  etcd: ({ folder, ports }) => [
    ...['--name=test', `--data-dir=${folder}/etcd`, '--unsafe-no-fsync', `--quota-backend-bytes=${4 * 2 ** 30}`],
    ...[`--listen-client-urls=${http(ports.etcd)}`, `--advertise-client-urls=${http(ports.etcd)}`],
    ...[`--listen-peer-urls=${http(ports.etcdPeer)}`, `--initial-advertise-peer-urls=${http(ports.etcdPeer)}`],
    ...[`--initial-cluster=test=${http(ports.etcdPeer)}`, '--log-level=warn'],
  ],
  'kube-apiserver': ({ ports, ca, serving, serviceAccounts, auditPolicy, auditLog }) => [
    ...[`--etcd-servers=${http(ports.etcd)}`, '--bind-address=127.0.0.1', '--advertise-address=127.0.0.1'],
    ...[`--secure-port=${ports.api}`, '--endpoint-reconciler-type=none', '--service-cluster-ip-range=10.96.0.0/16'],
    ...[`--tls-cert-file=${serving.certFile}`, `--tls-private-key-file=${serving.keyFile}`],
    ...[`--client-ca-file=${ca.certFile}`, '--authorization-mode=Node,RBAC', '--allow-privileged', '--profiling=false'],
    `--enable-admission-plugins=${admissionPlugins.join(',')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    ...[
      `--service-account-key-file=${serviceAccounts.certFile}`,
      `--service-account-signing-key-file=${serviceAccounts.keyFile}`,
    ],
    ...[`--audit-policy-file=${auditPolicy}`, `--audit-log-path=${auditLog}`],
  ],
  'kube-controller-manager': ({ ca, serviceAccounts, kubeconfigs }) => [
    ...[
      `--kubeconfig=${kubeconfigs.controllerManager}`,
      '--secure-port=0',
      '--leader-elect=false',
      '--profiling=false',
    ],
    ...['--use-service-account-credentials', `--service-account-private-key-file=${serviceAccounts.keyFile}`],
    ...[`--root-ca-file=${ca.certFile}`, '--kube-api-qps=1000', '--kube-api-burst=2000'],
  ],
  'kube-scheduler': ({ kubeconfigs }) => [`--config=${kubeconfigs.schedulerConfig}`, '--secure-port=0'],
  kwok: ({ kubeconfigs, kwokStages }) => [
    ...[`--kubeconfig=${kubeconfigs.kwok}`, `--config=${kwokStages}`],
    ...['--manage-all-nodes', '--node-lease-duration-seconds=40'],
  ],
};

const admissionPlugins = [
  'NodeRestriction',
  'MutatingAdmissionPolicy',
  'ValidatingAdmissionPolicy',
  'MutatingAdmissionWebhook',
  'ValidatingAdmissionWebhook',
];

function http(port: number): string {
  return `http://127.0.0.1:${port}`;
}

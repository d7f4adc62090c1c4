import { writeFile } from 'node:fs/promises';
import type { CertificateFiles } from './authority.ts';

export type KubeconfigUser = CertificateFiles | { token: string } | { exec: object };

/** A kubeconfig file with one context; JSON is YAML. Readable by its owner only. */
export async function writeKubeconfig(
  file: string,
  cluster: { server: string; ca: string; proxy?: string },
  user: KubeconfigUser,
): Promise<string> {
  const { server, ca, proxy } = cluster;
  const authority = { 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    clusters: [{ name: 'test', cluster: { server, ...authority, ...(proxy && { 'proxy-url': proxy }) } }],
    users: [{ name: 'test', user: userOf(user) }],
  };
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}

function userOf(user: KubeconfigUser): object {
  return 'certFile' in user ? { 'client-certificate': user.certFile, 'client-key': user.keyFile } : user;
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.ts';

/** PEM files of a certificate for 127.0.0.1 and localhost that signs itself: who trusts `cert` trusts the server. */
export interface Certificate {
  keyFile: string;
  certFile: string;
  cert: string;
}

/** Made with openssl, valid for a day. */
export async function createCertificate(folder: string): Promise<Certificate> {
  const [keyFile, certFile] = [join(folder, 'tls.key'), join(folder, 'tls.crt')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  const names = ['-subj', '/CN=test registry', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  await run('openssl', ['req', ...kind, ...names, '-keyout', keyFile, '-out', certFile]);
  return { keyFile, certFile, cert: await readFile(certFile, 'utf8') };
}

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../run.ts';

export interface CertificateFiles {
  certFile: string;
  keyFile: string;
}

/** A certificate authority of one test cluster, made with openssl 3: ECDSA, valid for ten days. */
export interface Authority extends CertificateFiles {
  cert: string;
  /** For a server: `names` like `IP:127.0.0.1` and `DNS:localhost`. */
  issueServer(name: string, names: readonly string[]): Promise<CertificateFiles>;
  /** For a user; Kubernetes reads the name from CN and the groups from O. */
  issueClient(user: string, groups: readonly string[]): Promise<CertificateFiles>;
}

export async function createAuthority(folder: string): Promise<Authority> {
  // An own configuration: the system's would add extensions of its own to what is asked for here.
  const config = join(folder, 'openssl.cnf');
  await writeFile(config, '[req]\ndistinguished_name = subject\n[subject]\n');
  let serial = 0;
  const make = async (subject: string, extensions: readonly string[], issuer: readonly string[]) => {
    const name = `certificate-${++serial}`;
    const files = { certFile: join(folder, `${name}.crt`), keyFile: join(folder, `${name}.key`) };
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', files.keyFile];
    const added = extensions.flatMap((extension) => ['-addext', extension]);
    const outcome = ['-days', '10', '-subj', subject, '-out', files.certFile];
    await run('openssl', ['req', '-config', config, '-x509', ...key, ...added, ...issuer, ...outcome]);
    return files;
  };
  const isAuthority = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];
  const own = await make('/CN=test cluster', isAuthority, []);
  const issuer = ['-CA', own.certFile, '-CAkey', own.keyFile];
  return {
    ...own,
    cert: await readFile(own.certFile, 'utf8'),
    issueServer: (name, names) =>
      make(`/CN=${name}`, [`subjectAltName=${names.join(',')}`, 'extendedKeyUsage=serverAuth'], issuer),
    issueClient: (user, groups) =>
      make([...groups.map((group) => `/O=${group}`), `/CN=${user}`].join(''), ['extendedKeyUsage=clientAuth'], issuer),
  };
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLocalRegistry } from '../../../infra/local/registry/local-registry.ts';
import { anonymous } from '../../../shared/oci/credentials.ts';
import type { RegistryAccess } from '../../../shared/ports/registry.ts';
import { describeRegistryContract } from '../../contract/registry/registry-contract.ts';
import { createCertificate } from '../support/certificate.ts';
import { missingPackages } from '../support/debian-packages.ts';
import { debianRegistryPackages, startDebianRegistry } from '../support/debian-registry.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const skip = await missingPackages(...debianRegistryPackages);

const user = { username: 'fleet', password: 'p:ss wörd' };
const verify = { insecure: false, insecureSkipTLSVerify: false };

// The contract's suite can't be skipped: then it is not there.
if (skip) test("registry contract: Debian's registry and the embedded one by TLS", { skip }, () => undefined);
else {
  describeRegistryContract("Debian's registry by HTTP", async () => {
    const { host, stop } = await startDebianRegistry();
    const access: RegistryAccess = { credentials: [anonymous], tls: { ...verify, insecure: true } };
    return { host, access, stop };
  });

  describeRegistryContract("Debian's registry by TLS with htpasswd", async () => {
    const { host, ca = '', stop } = await startDebianRegistry({ tls: true, htpasswd: user });
    const access: RegistryAccess = { credentials: [{ kind: 'basic', ...user, key: 'fleet' }], tls: verify };
    return { host, access, options: { ca }, stop };
  });

  describeRegistryContract('the embedded registry by TLS on disk', async () => {
    const folder = await temporaryFolder('embedded-registry');
    const { cert, keyFile } = await createCertificate(folder.path);
    const tls = { cert, key: await readFile(keyFile) };
    const registry = await createLocalRegistry({ dataDir: join(folder.path, 'data'), tls });
    const stop = async (): Promise<void> => {
      await registry.close();
      await folder.remove();
    };
    return { host: registry.host, access: { credentials: [anonymous], tls: verify }, options: { ca: cert }, stop };
  });
}

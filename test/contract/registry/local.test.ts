import { createLocalRegistry } from '../../../infra/local/registry/local-registry.ts';
import { basicCredential } from '../../../shared/oci/docker-config.ts';
import { describeRegistryContract } from './registry-contract.ts';

const plain = { insecure: true, insecureSkipTLSVerify: false };

describeRegistryContract('the embedded registry', async () => {
  const { host, close } = await createLocalRegistry();
  return { host, access: { credentials: [], tls: plain }, stop: close };
});

describeRegistryContract('the embedded registry with a password', async () => {
  const { host, close } = await createLocalRegistry({ basicAuth: { username: 'u', password: 'p:w' } });
  return { host, access: { credentials: [basicCredential('u', 'p:w')], tls: plain }, stop: close };
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { createOciRegistry } from '../../../shared/adapters/oci-registry/create-oci-registry.ts';
import type { OciRegistryOptions } from '../../../shared/adapters/oci-registry/options.ts';
import { anonymous, type Credential } from '../../../shared/oci/credentials.ts';
import type { RegistryErrorCode } from '../../../shared/ports/errors.ts';
import type { ImageLookup } from '../../../shared/ports/registry.ts';
import { missingPackages } from '../support/debian-packages.ts';
import { type DebianRegistry, debianRegistryPackages, startDebianRegistry } from '../support/debian-registry.ts';
import { freePort } from '../support/free-port.ts';

const skip = await missingPackages(...debianRegistryPackages);

const user = { username: 'fleet', password: 'right' };

interface Look extends OciRegistryOptions {
  host: string;
  credential?: Credential;
  insecure?: boolean;
  insecureSkipTLSVerify?: boolean;
}

const basic = (password: string): Credential => ({ kind: 'basic', username: user.username, password, key: password });

/** Asks for an image that is not there: a registry that can be reached answers "missing". */
function look({
  host,
  credential = anonymous,
  insecure = false,
  insecureSkipTLSVerify = false,
  ...options
}: Look): Promise<ImageLookup> {
  const registry = createOciRegistry({ loopbackRegistries: [host], retry: { attempts: 1 }, ...options });
  const reference = { registry: host, repository: 'ns/kmod', tag: '1' };
  const tls = { insecure, insecureSkipTLSVerify };
  return registry.findImage({ reference, credentials: [credential], tls, architecture: 'amd64' });
}

describe("what keeps us from an image in Debian's registry is named, and never called missing", { skip }, () => {
  const cleanup = new AsyncDisposableStack();
  after(() => cleanup.disposeAsync());
  let debian: DebianRegistry;
  before(async () => {
    debian = await startDebianRegistry({ tls: true, htpasswd: user });
    cleanup.defer(() => debian.stop());
  });
  const trusted = (): { host: string; ca: string } => ({ host: debian.host, ca: debian.ca ?? '' });
  const fails = (asked: Promise<ImageLookup>, code: RegistryErrorCode): Promise<void> =>
    assert.rejects(asked, { name: 'RegistryError', code });

  test('the right password and certificate: only then it is missing', async () => {
    const missing = { kind: 'missing', platforms: [] };
    assert.deepEqual(await look({ ...trusted(), credential: basic('right') }), missing);
    assert.deepEqual(
      await look({ host: debian.host, credential: basic('right'), insecureSkipTLSVerify: true }),
      missing,
    );
  });

  test('a wrong password, and none', async () => {
    await fails(look({ ...trusted(), credential: basic('wrong') }), 'UNAUTHORIZED');
    await fails(look(trusted()), 'UNAUTHORIZED');
  });

  test('an unknown certificate authority', async () => {
    await fails(look({ host: debian.host, credential: basic('right') }), 'TLS');
  });

  test('a port on which nobody listens', async () => {
    await fails(look({ host: `127.0.0.1:${await freePort()}`, credential: basic('right') }), 'UNAVAILABLE');
  });

  test('a host that no DNS knows', async () => {
    await fails(look({ host: 'registry.invalid:5000', credential: basic('right') }), 'DNS');
  });

  test('a front whose registry is away', async (t) => {
    const front = createServer((_, response) =>
      response.writeHead(503, { 'Content-Type': 'text/html' }).end('<h1>away</h1>'),
    );
    t.after(() => front.close());
    front.listen(0, '127.0.0.1');
    await once(front, 'listening');
    const address = front.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await fails(look({ host: `127.0.0.1:${port}`, insecure: true, credential: basic('right') }), 'UNAVAILABLE');
  });

  test('a registry that stopped', async () => {
    const short = await startDebianRegistry();
    const asked = { host: short.host, insecure: true };
    assert.deepEqual(await look(asked), { kind: 'missing', platforms: [] });
    await short.stop();
    await fails(look(asked), 'UNAVAILABLE');
  });
});

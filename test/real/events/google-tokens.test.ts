import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createServer as createFunctionsServer, type Server } from '../../../infra/server/create-server.ts';
import { createKeySet } from '../../../shared/adapters/jwks/create-key-set.ts';
import type { Trigger } from '../../../shared/events/trigger.ts';
import { Configuration } from '../../../shared/runtime/configuration.ts';
import { googleClaims } from '../../builders/identity-token.ts';
import { createFakeLogger } from '../../fakes/logger.ts';
import { missingPackages } from '../support/debian-packages.ts';
import { run } from '../support/run.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { callDoorBy } from './call-door-by.ts';

const skip = await missingPackages('openssl');

const audience = 'https://kmm.example/events/google/main';

/** A key pair of OpenSSL, and tokens that it signs: neither is made by what checks them. */
interface Signer {
  kid: string;
  jwk: object;
  sign(claims: object): Promise<string>;
}

describe("Google's identity tokens, signed by OpenSSL, at a server that fetches the issuer's keys", { skip }, () => {
  const cleanup = new AsyncDisposableStack();
  after(() => cleanup.disposeAsync());
  const ran: Trigger[] = [];
  const published: Signer[] = [];
  const logger = createFakeLogger();
  let clock = Date.now();
  let fetches = 0;
  let folder: TemporaryFolder;
  let server: Server;
  let url: string;

  before(async () => {
    folder = await temporaryFolder('google');
    cleanup.defer(() => folder.remove());
    const issuer = createServer((_, response) => {
      fetches += 1;
      response.end(JSON.stringify({ keys: published.map(({ jwk }) => jwk) }));
    }).listen(0, '127.0.0.1');
    await once(issuer, 'listening');
    cleanup.defer(() => void issuer.close());
    const address = issuer.address();
    assert.ok(address !== null && typeof address === 'object');
    const host = `127.0.0.1:${address.port}`;
    const now = () => new Date(clock);
    const oidc = { audience, emails: ['push@acme.iam.gserviceaccount.com'], jwksUri: `http://${host}/certs` };
    server = createFunctionsServer({
      configuration: Configuration.parse({ clusterName: 'test', sources: [{ source: 'google', name: 'main', oidc }] }),
      ports: { logger, now },
      readSecret: () => assert.fail('no secret is needed'),
      keySet: (uri) => createKeySet({ uri, now, loopbackRegistries: [host] }),
      functions: () => ({
        'image-changed': async (triggers) => {
          ran.push(...triggers);
          return triggers.map(() => ({ kind: 'done' }));
        },
        're-resolve': async (triggers) => triggers.map(() => ({ kind: 'done' })),
      }),
      queue: { windowMilliseconds: 1 },
    });
    cleanup.defer(() => server.stop());
    url = `${(await server.start()).url}/events/google/main`;
  });

  async function aSigner(kid: string): Promise<Signer> {
    const file = join(folder.path, `${kid}.pem`);
    await run('openssl', ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', file]);
    const { n, e } = createPublicKey(await readFile(file, 'utf8')).export({ format: 'jwk' });
    return {
      kid,
      jwk: { kty: 'RSA', use: 'sig', alg: 'RS256', kid, n, e },
      sign: async (claims) => {
        const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
        const text = `${encode({ alg: 'RS256', typ: 'JWT', kid })}.${encode(claims)}`;
        const [input, output] = [join(folder.path, 'input'), join(folder.path, 'signature')];
        await writeFile(input, text);
        await run('openssl', ['dgst', '-sha256', '-sign', file, '-out', output, input]);
        return `${text}.${(await readFile(output)).toString('base64url')}`;
      },
    };
  }

  const claims = (overrides: object = {}) => googleClaims(new Date(clock), overrides);
  /** What a person would call, with the token where the secret stands otherwise. */
  const send = (token: string) => callDoorBy('google', url, token);

  test('let a push subscription in, and nobody with another audience, account, issuer or time', async () => {
    const signer = await aSigner('k1');
    published.push(signer);
    assert.equal(await send(await signer.sign(claims())), 202);
    const seconds = Math.floor(clock / 1000);
    const wrong: object[] = [
      { aud: 'https://other.example' },
      { email: 'other@acme.iam.gserviceaccount.com' },
      { email_verified: false },
      { iss: 'https://issuer.example' },
      { exp: seconds - 60 },
    ];
    for (const claim of wrong) {
      assert.equal(await send(await signer.sign(claims(claim))), 401, JSON.stringify(claim));
    }
    await server.queue.idle();
    assert.equal(ran.filter(({ kind }) => kind === 'image').length, 1);
    assert.equal(fetches, 1, 'the keys are fetched once');
  });

  test('of a key that the issuer has only just published are let in at once, and of a stranger’s never', async () => {
    const [next, stranger] = [await aSigner('k2'), await aSigner('k3')];
    published.splice(0, 1, next);
    clock += 60_000;
    assert.equal(await send(await next.sign(claims())), 202);
    assert.equal(fetches, 2);
    assert.equal(await send(await stranger.sign(claims())), 401);
  });

  test('are in no line of the log', () => assert.ok(!logger.text().includes('eyJ')));
});

import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { VerifyKeys } from '../../shared/events/sources/source.ts';
import type { SourceName } from '../../shared/events/sources/sources.ts';
import { anIssuerKey, aToken, googleClaims } from './identity-token.ts';

/** A request as a registry sends it; the body is its bytes. */
export interface RegistryEvent {
  headers: Record<string, string>;
  body: string;
}

/** Reads a sample of `test/fixtures/events`: headers, and a body that is text where the sender's bytes were kept. */
export function registryEvent(name: string): RegistryEvent {
  const sample = JSON.parse(readFileSync(new URL(`../fixtures/events/${name}.json`, import.meta.url), 'utf8'));
  const { headers, body } = Array.isArray(sample) ? sample[0] : sample;
  return { headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

/** The headers and the end of the path by which a sender proves that it knows the secret. */
export type Proof = (secret: string, body: string) => { headers?: Record<string, string>; path?: string };

export const bearer: Proof = (secret) => ({ headers: { authorization: `Bearer ${secret}` } });
export const inPath: Proof = (secret) => ({ path: `/${secret}` });
export const signature =
  (header: string, prefix = ''): Proof =>
  (secret, body) => ({ headers: { [header]: `${prefix}${createHmac('sha256', secret).update(body).digest('hex')}` } });

/** What the tests' senders know. */
export const registrySecret = 'the-secret-of-the-registry';

const [issuerKey, strangersKey] = [anIssuerKey('k1'), anIssuerKey('k1')];
const accounts = {
  issuer: 'https://accounts.google.com',
  audience: 'https://kmm.example/events/google/main',
  emails: ['push@acme.iam.gserviceaccount.com'],
  keys: async () => ({ keys: [issuerKey.jwk] }),
};

/** A token of 1970, where the doors of these tests begin; who does not know the secret has keys of its own. */
const identityToken: Proof = (secret) => {
  const key = secret === registrySecret ? issuerKey : strangersKey;
  return { headers: { authorization: `Bearer ${aToken(key, googleClaims(new Date(0)))}` } };
};

export interface RegistrySample {
  source: SourceName;
  /** What the configuration says besides the secret. */
  sender?: Partial<VerifyKeys> & { registry?: string };
  /** A fixture that is a push of one image. */
  push: string;
  /** A fixture or body that the source does not act upon. */
  other: string | object;
  prove: Proof;
  /** Whether the sender names its deliveries, so that a replay is seen. */
  named: boolean;
  /** How many names the image may have, where the sender does not say which one is used. */
  names?: number;
}

/** One row for each sender and format: every check at the door goes through all of them. */
export const registrySamples: readonly RegistrySample[] = [
  {
    source: 'distribution',
    push: 'notification-push-manifest',
    other: 'notification-pull',
    prove: bearer,
    named: true,
  },
  {
    source: 'harbor',
    push: 'harbor-push',
    other: { type: 'QUOTA_WARNING', occur_at: 1, event_data: {} },
    prove: bearer,
    named: false,
  },
  { source: 'harbor', push: 'harbor-cloudevent-push', other: 'harbor-cloudevent-pull', prove: bearer, named: true },
  { source: 'quay', push: 'quay-push', other: 'quay-build-queued', prove: inPath, named: false },
  { source: 'docker-hub', push: 'docker-hub-push', other: {}, prove: inPath, named: false },
  {
    source: 'ghcr',
    push: 'ghcr-package',
    other: 'ghcr-ping',
    prove: signature('x-hub-signature-256', 'sha256='),
    named: true,
  },
  { source: 'acr', push: 'acr-push', other: 'acr-ping', prove: bearer, named: true },
  { source: 'acr', push: 'acr-event-grid-push', other: 'acr-event-grid-chart', prove: inPath, named: true },
  {
    source: 'google',
    push: 'google-insert',
    other: 'google-other',
    prove: identityToken,
    named: true,
    sender: { oidc: accounts },
  },
  {
    source: 'jfrog',
    push: 'jfrog-pushed',
    other: 'jfrog-artifact-deployed',
    prove: signature('x-jfrog-event-auth'),
    named: false,
    names: 2,
    sender: { mode: 'hmac' },
  },
  {
    source: 'jfrog',
    push: 'jfrog-pushed',
    other: 'jfrog-artifact-deployed',
    prove: (secret) => ({ headers: { 'x-jfrog-event-auth': secret } }),
    named: false,
    names: 2,
    sender: { mode: 'token' },
  },
  {
    source: 'gitea',
    push: 'gitea-created',
    other: 'gitea-npm-created',
    prove: signature('x-gitea-signature'),
    named: true,
  },
  {
    source: 'gitea',
    push: 'forgejo-created-digest',
    other: { action: 'archived', package: { type: 'container', name: 'nic', version: '1' } },
    prove: signature('x-hub-signature-256', 'sha256='),
    named: true,
  },
  {
    source: 'zot',
    push: 'zot-image-updated',
    other: 'zot-repository-created',
    prove: bearer,
    named: true,
    sender: { registry: 'zot.example:5000' },
  },
  {
    source: 'generic',
    push: 'generic-push',
    other: { action: 'scan', images: ['r.example/a:1'] },
    prove: signature('x-signature', 'sha256='),
    named: false,
  },
  { source: 'ecr', push: 'ecr-push', other: 'ecr-scan', prove: bearer, named: true },
  {
    source: 'ecr-cloud-event',
    push: 'ecr-cloud-event-push',
    other: 'ecr-cloud-event-scan',
    prove: bearer,
    named: true,
  },
  {
    source: 'own-event',
    push: 'own-event-image',
    other: { specversion: '1.0', id: '1', source: '/ci', type: 'io.k8s.sigs.kmm.other', data: {} },
    prove: bearer,
    named: true,
  },
];

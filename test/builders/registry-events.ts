import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SourceName } from '../../shared/events/sources/sources.ts';

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

export interface RegistrySample {
  source: SourceName;
  /** A fixture that is a push of one image. */
  push: string;
  /** A fixture or body that the source does not act upon. */
  other: string | object;
  prove: Proof;
  /** Whether the sender names its deliveries, so that a replay is seen. */
  named: boolean;
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
];

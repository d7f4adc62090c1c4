import * as z from 'zod';
import { type DoorSource, doorSources } from '../events/sources/authentication.ts';
import { RegistryHost } from '../events/sources/image-trigger.ts';
import { parseWith } from '../kmm/parse.ts';
import { type Configuration, SecretName } from './configuration.ts';

/** A JWKS over plain HTTP could be anybody's: only this machine's own (tests, a local issuer). */
const JwksUri = z
  .url({ protocol: /^https?$/ })
  .regex(/^(?:https:|http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])[:/])/, 'expected https');

/** Whose identity tokens count. https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions */
const Oidc = z.strictObject({
  issuer: z.string().min(1).default('https://accounts.google.com'),
  /** As the push subscription names it; by its default that is the address of our door. */
  audience: z.string().min(1),
  /** The accounts that the sender acts as; two while one is replaced. */
  emails: z.array(z.string().min(3)).min(1),
  jwksUri: JwksUri.default('https://www.googleapis.com/oauth2/v3/certs'),
});

const isDoorSource = (name: string): name is DoorSource => Object.hasOwn(doorSources, name);
const doorSourceNames = Object.keys(doorSources).filter(isDoorSource);

/** One sender at the registries' door: `/events/<source>/<name>`. */
export const SourceConfiguration = z.strictObject({
  source: z.enum(doorSourceNames),
  name: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'expected a lower-case name'),
  /** Two while one is rotated. */
  secrets: z.array(SecretName).default([]),
  header: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/)
    .toLowerCase()
    .default('authorization'),
  registry: RegistryHost.optional(),
  /** For senders that can do both: the secret itself in a header, or a signature of the body with it. */
  mode: z.enum(['token', 'hmac']).optional(),
  /** For senders that bear an identity token instead of a secret. */
  oidc: Oidc.optional(),
});
export type SourceConfiguration = z.infer<typeof SourceConfiguration>;

/** The configured senders. Throws InvalidInput that names the path within, as `readConfiguration` does. */
export function parseSources({ sources }: Pick<Configuration, 'sources'>): SourceConfiguration[] {
  return parseWith(z.object({ sources: z.array(SourceConfiguration) }), { sources }, 'Configuration (KMM_CONFIG)')
    .sources;
}

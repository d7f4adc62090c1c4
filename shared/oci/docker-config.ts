import { Buffer } from 'node:buffer';
import * as z from 'zod';
import { InvalidInput } from '../kmm/errors.ts';
import { parseJson, parseWith } from '../kmm/parse.ts';
import type { Credential } from './credentials.ts';
import { digestOf } from './digest.ts';

/** The entries of a Docker configuration: where a credential applies, and the credential. */
export interface DockerConfig {
  entries: { host: string; credential: Credential }[];
}

const Entry = z.object({
  username: z.string().optional(),
  password: z.string().optional(),
  auth: z.string().optional(),
  identitytoken: z.string().optional(),
});
type Entry = z.infer<typeof Entry>;

const Entries = z.record(z.string(), Entry);
/** `credHelpers` and `credsStore` name programs of somebody's desktop and mean nothing here. */
const ConfigJson = z.object({ auths: Entries.default({}) });

/** Parses the content of a `.dockerconfigjson` key. Throws InvalidInput, which never repeats the content. */
export function parseDockerConfig(text: string): DockerConfig {
  return toConfig(parseWith(ConfigJson, parseJson(text, '.dockerconfigjson'), '.dockerconfigjson').auths);
}

/** Parses the content of a `.dockercfg` key: the older form, without `auths` around the entries. */
export function parseDockerCfg(text: string): DockerConfig {
  return toConfig(parseWith(Entries, parseJson(text, '.dockercfg'), '.dockercfg'));
}

/** Parses a pull secret of either type; `data` is base64, as the API has it. */
export function parsePullSecret(secret: {
  type?: string | undefined;
  data?: Record<string, string> | undefined;
}): DockerConfig {
  const { '.dockerconfigjson': json, '.dockercfg': cfg } = secret.data ?? {};
  if (json !== undefined) return parseDockerConfig(fromBase64(json));
  if (cfg !== undefined) return parseDockerCfg(fromBase64(cfg));
  throw new InvalidInput(
    'pull secret: has neither .dockerconfigjson nor .dockercfg: create it with kubectl create secret docker-registry',
  );
}

function toConfig(entries: Record<string, Entry>): DockerConfig {
  return {
    entries: Object.entries(entries).flatMap(([host, entry]) => {
      const credential = toCredential(host, entry);
      return credential === undefined ? [] : [{ host, credential }];
    }),
  };
}

/** As Docker: an identity token before `auth`, `auth` before the two fields. An entry with none of them is no credential. */
function toCredential(host: string, { identitytoken, auth, username, password }: Entry): Credential | undefined {
  if (identitytoken) {
    return { kind: 'identity-token', token: identitytoken, key: keyOf('identity-token', identitytoken) };
  }
  if (auth) return basicCredential(...splitAuth(host, auth));
  return username && password ? basicCredential(username, password) : undefined;
}

export function basicCredential(username: string, password: string): Credential & { kind: 'basic' } {
  return { kind: 'basic', username, password, key: keyOf('basic', username, password) };
}

/** Only the first colon separates: passwords hold colons. Docker's own files end in NUL bytes. */
function splitAuth(host: string, auth: string): [string, string] {
  const text = fromBase64(auth).replace(/\0+$/, '');
  const colon = text.indexOf(':');
  if (colon < 1)
    throw new InvalidInput(`pull secret: auth of ${host}: expected base64 of user:password`, `auths.${host}.auth`);
  return [text.slice(0, colon), text.slice(colon + 1)];
}

function keyOf(...parts: string[]): string {
  return digestOf(JSON.stringify(parts));
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}

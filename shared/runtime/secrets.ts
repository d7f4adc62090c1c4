import { type Authentication, type DoorSource, requirementsOf } from '../events/sources/authentication.ts';
import type { KeySet, OidcKeys } from '../events/sources/oidc-token.ts';
import type { VerifyKeys } from '../events/sources/source.ts';
import { InvalidInput } from '../kmm/errors.ts';
import { type Environment, readTextFile } from './configuration.ts';
import type { SourceConfiguration } from './source-configuration.ts';

/** Shorter ones can be guessed over the wire. */
const minimumLength = 16;

/** The value of a configured secret: from a variable, or a file (a mounted Secret). Errors name where, never what. */
export function readSecret(name: string, environment: Environment, readFile = readTextFile): string {
  const value = (name.startsWith('/') ? readFile(name) : (environment[name] ?? '')).trim();
  if (value === '') throw new InvalidInput(`Configuration: the secret ${name} is not there or empty`, name);
  if (value.length < minimumLength) {
    throw new InvalidInput(`Configuration: the secret ${name} is shorter than ${minimumLength} characters`, name);
  }
  return value;
}

/** A sender with what it needs to prove itself. */
export interface StartedSource extends VerifyKeys {
  source: DoorSource;
  name: string;
  registry?: string;
}

/** Where the values behind a configuration come from. `keySet`: the keys of an issuer, by the address of its JWKS. */
export interface KeySources {
  read: (name: string) => string;
  keySet: (jwksUri: string) => KeySet;
}

/** The configured senders, each with its keys. One that could not prove itself to us does not start; the others do. */
export function startSources(
  sources: readonly SourceConfiguration[],
  from: KeySources,
): { started: StartedSource[]; refused: { source: string; name: string; why: string }[] } {
  const started: StartedSource[] = [];
  const refused: { source: string; name: string; why: string }[] = [];
  for (const source of sources) {
    try {
      started.push(startSource(source, from));
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      refused.push({ source: source.source, name: source.name, why: error.message });
    }
  }
  return { started, refused };
}

function startSource(configured: SourceConfiguration, from: KeySources): StartedSource {
  const { by } = requirementsOf(configured.source);
  const objection = objections.find(([, applies]) => applies(configured, by));
  if (objection !== undefined) throw new InvalidInput(objection[0]);
  const { source, name, secrets, header, registry, mode, oidc } = configured;
  return {
    source,
    name,
    secrets: secrets.map(from.read),
    header,
    ...(registry !== undefined && { registry }),
    ...(mode !== undefined && { mode }),
    ...(oidc !== undefined && { oidc: toOidcKeys(oidc, from) }),
  };
}

/** Settings that say nothing to a source are refused too: whoever wrote them believes that they protect something. */
const objections: readonly [why: string, applies: (source: SourceConfiguration, by: Authentication) => boolean][] = [
  [
    'its events do not name their registry: set `registry` to what image references call it',
    ({ source, registry }) => requirementsOf(source).registry === 'required' && registry === undefined,
  ],
  ['no identity is configured for it: set `oidc`', ({ oidc }, by) => by === 'identity token' && oidc === undefined],
  ['it bears no identity token: leave out `oidc`', ({ oidc }, by) => by !== 'identity token' && oidc !== undefined],
  ['no secret is configured for it', ({ secrets }, by) => by !== 'identity token' && secrets.length === 0],
  [
    'it proves itself by an identity token: leave out `secrets`',
    ({ secrets }, by) => by === 'identity token' && secrets.length > 0,
  ],
  [
    'it may send its secret or sign with it: set `mode` to token or hmac',
    ({ mode }, by) => by === 'secret or signature' && mode === undefined,
  ],
  ['it knows one way only: leave out `mode`', ({ mode }, by) => by !== 'secret or signature' && mode !== undefined],
];

function toOidcKeys({ jwksUri, ...oidc }: NonNullable<SourceConfiguration['oidc']>, from: KeySources): OidcKeys {
  return { ...oidc, keys: from.keySet(jwksUri) };
}

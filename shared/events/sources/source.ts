import type { ChangeOptions } from '../changes/change.ts';
import type { Decoded } from '../decoded.ts';
import type { OidcKeys } from './oidc-token.ts';

/** An event whose body has been read as JSON. Header names are in lower case; an event from a queue has none. */
export interface IncomingEvent {
  headers: Readonly<Record<string, string>>;
  body: unknown;
}

/** What a verification looks at: the body as it came over the wire, never parsed. */
export interface SignedRequest {
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** The last part of the path, for senders that can't set a header. */
  pathSecret?: string;
}

export interface VerifyKeys {
  secrets: readonly string[];
  /** The header that bears the secret, in lower case. */
  header: string;
  /** What the secret is, for senders that know both: sent as it is, or the key of a signature. */
  mode?: 'token' | 'hmac';
  /** Whose identity tokens count, for senders that bear one. */
  oidc?: OidcKeys;
}

export interface DecodeOptions extends ChangeOptions {
  /** What image references call the registry, when its own events say something else (or nothing). */
  registry?: string;
}

/** One sender of events. Everything about it is in its file and its line in `sources.ts`. */
export interface EventSource {
  /** Whether a parsed event is of this source. Must be right for any JSON, and never throw. */
  recognise(event: IncomingEvent): boolean;
  /**
   * Whether the sender knows our secret. In constant time, on the raw bytes; `now` is for signatures that bear a time. Rejects
   * with KeysUnavailable where the keys can't be had now: then nobody knows.
   */
  verify(request: SignedRequest, keys: VerifyKeys, now: Date): boolean | Promise<boolean>;
  /** One answer for each item. Never throws for what it can't understand: that is poison. */
  decode(event: IncomingEvent, options: DecodeOptions): Decoded[];
  /**
   * What a door answers to poison from a verified sender. A person wants to be told (`refuse`: 400); a registry that is told
   * so would send the same event for ever and hold up those behind it (`absorb`: 202, and we report it).
   */
  poison: 'refuse' | 'absorb';
}

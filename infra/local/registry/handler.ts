import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from './answer.ts';
import type { RegistryContents } from './contents.ts';
import type { Happening } from './happening.ts';
import type { Uploads } from './uploads.ts';

/** A request after routing: names are checked against their grammars, the body is not read yet. */
export interface Ask {
  headers: IncomingHttpHeaders;
  query: URLSearchParams;
  repository: string;
  /** The last part of the path where a route has one: a tag, a digest, an upload's id. */
  item: string;
  body: AsyncIterable<Uint8Array>;
}

/** What handlers work with. */
export interface RegistryParts {
  contents: RegistryContents;
  uploads: Uploads;
  /** Bytes of one blob. */
  maxBlobBytes: number;
  /** Tells those who listen; returns at once. */
  announce(happening: Happening): void;
}

export type Handler = (ask: Ask, parts: RegistryParts) => Promise<Answer>;

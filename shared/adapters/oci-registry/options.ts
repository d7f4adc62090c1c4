import type { LookupAddress } from 'node:dns';
import type { EcrTokens } from '../../ports/ecr-tokens.ts';

export interface OciRegistryOptions {
  /** Registries (`host[:port]`) that speak plain HTTP; for the others HTTPS, unless a request says `tls.insecure`. */
  plainHttp?: readonly string[];
  /** Registries, realms and redirect targets (`host[:port]`) that may resolve to loopback addresses. */
  loopbackRegistries?: readonly string[];
  /** PEM certificates to trust besides those that Node trusts. */
  ca?: string;
  proxy?: ProxyOptions;
  /** Serves credentials of kind `ecr`; without it they are refused. */
  ecrTokens?: EcrTokens;
  timeouts?: Partial<Timeouts>;
  retry?: Partial<RetryOptions>;
  /** Bytes of one PATCH of a chunked upload. */
  chunkBytes?: number;
  /** Tags asked for at once. */
  pageSize?: number;
  now?: () => Date;
  sleep?: (milliseconds: number) => Promise<void>;
  random?: () => number;
  /** DNS; the addresses are checked after it. */
  resolve?: Resolve;
}

/** A host in `noProxy` is a name, a `.suffix`, an address or `*`. */
export interface ProxyOptions {
  http?: string;
  https?: string;
  noProxy?: readonly string[];
}

/** Milliseconds: until connected (DNS and TLS included), until the answer begins, and between two pieces of a body. */
export interface Timeouts {
  connect: number;
  answer: number;
  idle: number;
}

/** `longestWait`: a longer Retry-After is not slept out but reported (milliseconds). */
export interface RetryOptions {
  attempts: number;
  baseDelay: number;
  longestWait: number;
}

export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

export const defaultTimeouts: Timeouts = { connect: 5_000, answer: 30_000, idle: 30_000 };
export const defaultRetry: RetryOptions = { attempts: 3, baseDelay: 200, longestWait: 2_000 };

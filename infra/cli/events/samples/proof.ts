import { createHmac } from 'node:crypto';
import type { Sample } from './sample.ts';

/** What a request bears to show that its sender knows the secret: headers, or the last part of the path. */
export interface Proven {
  headers?: Record<string, string>;
  pathSecret?: string;
}

export type Mode = 'token' | 'hmac';

/** Proves a request in the way of its source. `mode`: for sources that know two. */
export type Proof = (sample: Sample, secret: string, mode: Mode) => Proven;

/** A secret, or an identity token, as a bearer's. */
export const bearer: Proof = (_, secret) => ({ headers: { authorization: `Bearer ${secret}` } });

/** As it is, in a header. */
export const inHeader =
  (name: string): Proof =>
  (_, secret) => ({ headers: { [name]: secret } });

/** For senders that can set no header. */
export const inPath: Proof = (_, secret) => ({ pathSecret: secret });

/** HMAC-SHA256 of the body in hex digits. */
export const signed =
  (header: string, prefix: '' | 'sha256='): Proof =>
  ({ body }, secret) => ({
    headers: { [header]: `${prefix}${createHmac('sha256', secret).update(body).digest('hex')}` },
  });

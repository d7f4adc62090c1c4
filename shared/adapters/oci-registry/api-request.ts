import type { Repository } from '../../ports/registry.ts';
import type { HttpAnswer } from './http/send.ts';

/** A request of the distribution API. */
export interface ApiRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Relative to `/v2/<repository>/`; a URL is one that an answer named. */
  path: string | URL;
  access: 'pull' | 'push' | 'delete';
  headers?: Record<string, string>;
  body?: Uint8Array;
  /** A mount reads from this repository as well. */
  mountFrom?: string;
  /** False where a repetition could do harm; reads and whole writes may be repeated. */
  repeatable?: boolean;
}

export interface ApiAnswer extends HttpAnswer {
  /** A credential was sent and accepted as such. */
  authenticated: boolean;
}

const actions = { pull: 'pull', push: 'pull,push', delete: 'delete' };

/** What the token service is asked for when the challenge doesn't say. */
export function scopesOf({ repository }: Repository, { access, mountFrom }: ApiRequest): string[] {
  const own = `repository:${repository}:${actions[access]}`;
  return mountFrom === undefined ? [own] : [own, `repository:${mountFrom}:pull`];
}

/** For messages; the address that an answer named stays out of them: it may be presigned. */
export function describeRequest({ registry, repository }: Repository, { method, path }: ApiRequest): string {
  return `${method} ${registry}/${repository} ${typeof path === 'string' ? path.split('?')[0] : 'an address that the registry named'}`;
}

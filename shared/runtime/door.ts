import type { SignedRequest } from '../events/sources/source.ts';

/** A request to a door. The body is what came over the wire, at most 1 MiB of it. */
export interface DoorRequest extends Omit<SignedRequest, 'pathSecret'> {
  /** The named parts of the path. */
  parts: Readonly<Record<string, string>>;
}

export interface DoorAnswer {
  status: 200 | 202 | 400 | 401 | 404 | 413 | 503;
  headers?: Readonly<Record<string, string>>;
  body?: object;
}

/** An HTTP door, without HTTP: functions say what it does, a shell of the runtime carries it. */
export interface Door {
  /** Paths with named parts, as `/events/:source/:name`. All take POST, and OPTIONS where the door shakes hands. */
  paths: readonly string[];
  /** Looks at the path alone, before the body is read: `false` is a 404. */
  knows(parts: Readonly<Record<string, string>>): boolean;
  receive(request: DoorRequest): Promise<DoorAnswer>;
  /** Answers a sender that asks whether it may send; such a request has no body. Without it, OPTIONS is a 404. */
  shakeHands?(request: DoorRequest): Promise<DoorAnswer>;
}

/** Of a request that has none. */
export const noBody = new Uint8Array();

export const maxBodyBytes = 1024 * 1024;

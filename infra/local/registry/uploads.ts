import { createHash, type Hash, randomUUID } from 'node:crypto';
import type { Digest } from '../../../shared/oci/digest.ts';
import type { ByteStore } from './byte-store.ts';

export type Received = 'received' | 'too-large' | 'busy';

export interface Upload {
  readonly id: string;
  readonly repository: string;
  /** Bytes so far: also what a client that was cut off asks for before it goes on. */
  readonly size: number;
}

/**
 * Blobs on their way in. Bytes go to the byte store as they come and are hashed meanwhile; the sessions live in memory,
 * so that a restart forgets them and a client starts again.
 */
export interface Uploads {
  open(repository: string): Promise<Upload>;
  find(repository: string, id: string): Upload | undefined;
  /** Appends at most `limit` bytes. `too-large` ends the upload; `busy`: another request is writing to it. */
  receive(upload: Upload, body: AsyncIterable<Uint8Array>, limit: number): Promise<Received>;
  /** Ends the upload: the key of its bytes, or `undefined` (and nothing kept) when the digest is another one. */
  finish(upload: Upload, digest: Digest): Promise<string | undefined>;
  cancel(upload: Upload): Promise<void>;
}

interface Session extends Upload {
  size: number;
  hash: Hash;
  busy: boolean;
}

const maxSessions = 256;

export function createUploads(store: ByteStore): Uploads {
  const sessions = new Map<string, Session>();

  async function cancel({ id }: Upload): Promise<void> {
    sessions.delete(id);
    await store.remove(keyOf(id));
  }

  /** Half a chunk may stand there now: what was hashed is no longer what is stored. */
  async function failed(session: Session, error: unknown): Promise<never> {
    await cancel(session);
    throw error;
  }

  /** Clients that went away leave sessions behind: the oldest go. */
  async function makeRoom(): Promise<void> {
    const [oldest] = sessions.values();
    if (oldest !== undefined && sessions.size >= maxSessions) await cancel(oldest);
  }

  async function append(session: Session, body: AsyncIterable<Uint8Array>, limit: number): Promise<Received> {
    let left = limit;
    for await (const chunk of body) {
      left -= chunk.length;
      if (left < 0) return 'too-large';
      if (sessions.get(session.id) !== session) return 'busy';
      await store.append(keyOf(session.id), chunk).catch((error) => failed(session, error));
      session.hash.update(chunk);
      session.size += chunk.length;
    }
    return 'received';
  }

  return {
    open: async (repository) => {
      await makeRoom();
      const session = { id: randomUUID(), repository, size: 0, hash: createHash('sha256'), busy: false };
      await store.write(keyOf(session.id), new Uint8Array());
      sessions.set(session.id, session);
      return session;
    },
    find: (repository, id) => {
      const session = sessions.get(id);
      return session?.repository === repository ? session : undefined;
    },
    receive: async ({ id }, body, limit) => {
      const session = sessions.get(id);
      if (session === undefined || session.busy) return 'busy';
      session.busy = true;
      try {
        const outcome = await append(session, body, limit);
        if (outcome === 'too-large') await cancel(session);
        return outcome;
      } finally {
        session.busy = false;
      }
    },
    finish: async ({ id }, digest) => {
      const session = sessions.get(id);
      sessions.delete(id);
      if (session !== undefined && `sha256:${session.hash.digest('hex')}` === digest) return keyOf(id);
      await store.remove(keyOf(id));
      return undefined;
    },
    cancel,
  };
}

/** What a registry that died has left of its uploads. */
export async function removeOldUploads(store: ByteStore): Promise<void> {
  for (const prefix of ['uploads/', 'unfinished/']) {
    for (const key of await store.list(prefix)) await store.remove(key);
  }
}

const keyOf = (id: string): string => `uploads/${id}`;

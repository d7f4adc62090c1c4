import type { Digest } from '../../../shared/oci/digest.ts';
import { isDigest } from '../../../shared/oci/digest.ts';
import { type ByteStore, readWhole } from './byte-store.ts';

export interface StoredManifest {
  digest: Digest;
  mediaType: string;
  bytes: Uint8Array;
}

/**
 * What the registry holds. Bytes are stored once, by digest; a repository holds links to them, so that it shows only what
 * was pushed to it or mounted. Removing takes links away and leaves the bytes: another repository may share them.
 */
export interface RegistryContents {
  /** Length of a blob of this repository. */
  findBlob(repository: string, digest: Digest): Promise<number | undefined>;
  streamBlob(digest: Digest, start: number, end: number): AsyncIterable<Uint8Array>;
  /** Takes the bytes at `key` of the byte store in as a blob. */
  adoptBlob(repository: string, digest: Digest, key: string): Promise<void>;
  linkBlob(repository: string, digest: Digest): Promise<void>;
  unlinkBlob(repository: string, digest: Digest): Promise<boolean>;
  findManifest(repository: string, tagOrDigest: string): Promise<StoredManifest | undefined>;
  /** Bytes, then the link, then the tag: whatever a tag points to is whole. */
  putManifest(repository: string, manifest: StoredManifest, tag: string | undefined): Promise<void>;
  /** Removes the manifest and the tags that point to it, which it returns; `undefined`: not there. */
  removeManifest(repository: string, digest: Digest): Promise<string[] | undefined>;
  removeTag(repository: string, tag: string): Promise<boolean>;
  listManifests(repository: string): Promise<Digest[]>;
  listTags(repository: string): Promise<string[]>;
  listRepositories(): Promise<string[]>;
}

export function createContents(store: ByteStore): RegistryContents {
  const digestOfTag = async (repository: string, tag: string): Promise<Digest | undefined> => {
    const text = Buffer.from((await readWhole(store, tagKey(repository, tag))) ?? []).toString();
    return isDigest(text) ? text : undefined;
  };

  const contents: RegistryContents = {
    findBlob: async (repository, digest) =>
      (await store.size(blobLink(repository, digest))) === undefined ? undefined : store.size(bytesKey(digest)),
    streamBlob: (digest, start, end) => store.stream(bytesKey(digest), start, end),
    adoptBlob: async (repository, digest, key) => {
      await store.move(key, bytesKey(digest));
      await contents.linkBlob(repository, digest);
    },
    linkBlob: (repository, digest) => store.write(blobLink(repository, digest), new Uint8Array()),
    unlinkBlob: (repository, digest) => store.remove(blobLink(repository, digest)),
    findManifest: async (repository, tagOrDigest) => {
      const digest = isDigest(tagOrDigest) ? tagOrDigest : await digestOfTag(repository, tagOrDigest);
      if (digest === undefined) return undefined;
      const mediaType = await readWhole(store, manifestLink(repository, digest));
      const bytes = await readWhole(store, bytesKey(digest));
      if (mediaType === undefined || bytes === undefined) return undefined;
      return { digest, mediaType: Buffer.from(mediaType).toString(), bytes };
    },
    putManifest: async (repository, { digest, mediaType, bytes }, tag) => {
      await store.write(bytesKey(digest), bytes);
      await store.write(manifestLink(repository, digest), Buffer.from(mediaType));
      if (tag !== undefined) await store.write(tagKey(repository, tag), Buffer.from(digest));
    },
    removeManifest: async (repository, digest) => {
      if (!(await store.remove(manifestLink(repository, digest)))) return undefined;
      const tags = await contents.listTags(repository);
      const pointers = await Promise.all(tags.map((tag) => digestOfTag(repository, tag)));
      const gone = tags.filter((_, index) => pointers[index] === digest);
      await Promise.all(gone.map((tag) => contents.removeTag(repository, tag)));
      return gone;
    },
    removeTag: (repository, tag) => store.remove(tagKey(repository, tag)),
    listManifests: async (repository) =>
      lastParts(await store.list(`${home(repository)}/_manifests/`)).map((hex): Digest => `sha256:${hex}`),
    listTags: async (repository) => lastParts(await store.list(`${home(repository)}/_tags/`)),
    listRepositories: async () => {
      const keys = await store.list('repositories/');
      return [...new Set(keys.map((key) => key.slice('repositories/'.length, key.indexOf('/_'))))].sort();
    },
  };
  return contents;
}

// A repository's parts never start with `_`, so that `a/_tags` is never the home of a repository.
const home = (repository: string): string => `repositories/${repository}`;
const hexOf = (digest: Digest): string => digest.slice('sha256:'.length);
const bytesKey = (digest: Digest): string => `blobs/sha256/${hexOf(digest)}`;
const blobLink = (repository: string, digest: Digest): string => `${home(repository)}/_blobs/${hexOf(digest)}`;
const manifestLink = (repository: string, digest: Digest): string => `${home(repository)}/_manifests/${hexOf(digest)}`;
const tagKey = (repository: string, tag: string): string => `${home(repository)}/_tags/${tag}`;

function lastParts(keys: string[]): string[] {
  return keys.map((key) => key.slice(key.lastIndexOf('/') + 1));
}

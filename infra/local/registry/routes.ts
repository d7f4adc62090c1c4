import { answer } from './answer.ts';
import { deleteBlob, getBlob } from './blobs.ts';
import type { Handler } from './handler.ts';
import { listCatalog, listTags } from './listings.ts';
import { deleteManifest, getManifest, putManifest } from './manifests.ts';
import { listReferrers } from './referrers.ts';
import { appendChunk, cancelUpload, finishUpload, startUpload, uploadStatus } from './uploading.ts';

/** What requests are counted under. */
export type RequestKind = 'base' | 'catalog' | 'tags' | 'manifests' | 'uploads' | 'blobs' | 'referrers' | 'other';

export interface Route {
  kind: RequestKind;
  path: RegExp;
  methods: Partial<Record<string, Handler>>;
}

/** "Yes, this is a registry, and you may come in." */
const base: Handler = async () =>
  answer(200, { 'Content-Type': 'application/json', 'Content-Length': '2' }, Buffer.from('{}'));

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#endpoints; the first path that matches. */
export const routes: readonly Route[] = [
  { kind: 'base', path: /^\/v2\/?$/, methods: { GET: base, HEAD: base } },
  { kind: 'catalog', path: /^\/v2\/_catalog$/, methods: { GET: listCatalog } },
  { kind: 'tags', path: /^\/v2\/(?<name>.+)\/tags\/list$/, methods: { GET: listTags } },
  {
    kind: 'manifests',
    path: /^\/v2\/(?<name>.+)\/manifests\/(?<item>[^/]+)$/,
    methods: { GET: getManifest, HEAD: getManifest, PUT: putManifest, DELETE: deleteManifest },
  },
  { kind: 'uploads', path: /^\/v2\/(?<name>.+)\/blobs\/uploads\/?$/, methods: { POST: startUpload } },
  {
    kind: 'uploads',
    path: /^\/v2\/(?<name>.+)\/blobs\/uploads\/(?<item>[^/]+)$/,
    methods: { GET: uploadStatus, PATCH: appendChunk, PUT: finishUpload, DELETE: cancelUpload },
  },
  {
    kind: 'blobs',
    path: /^\/v2\/(?<name>.+)\/blobs\/(?<item>[^/]+)$/,
    methods: { GET: getBlob, HEAD: getBlob, DELETE: deleteBlob },
  },
  { kind: 'referrers', path: /^\/v2\/(?<name>.+)\/referrers\/(?<item>[^/]+)$/, methods: { GET: listReferrers } },
];

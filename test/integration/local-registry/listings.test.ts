import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pushTinyImage } from '../../../infra/local/registry/push-tiny-image.ts';
import { buildTinyImage } from '../../../infra/local/registry/tiny-image.ts';
import { refusal, startRegistry } from './start-registry.ts';

const image = buildTinyImage({ files: { 'opt/kmod.ko': 'x' } });
const { descriptor } = image.manifest;

/** The names of all pages, and how many pages there were. */
async function readPages(start: string, read: (body: never) => string[]): Promise<[names: string[], pages: number]> {
  const names: string[] = [];
  let pages = 0;
  for (let next: string | undefined = start; next !== undefined; pages++) {
    const answer: Response = await fetch(next);
    names.push(...read((await answer.json()) as never));
    const link = /^<(.+)>; rel="next"$/.exec(answer.headers.get('Link') ?? '')?.[1];
    next = link === undefined ? undefined : String(new URL(link, start));
  }
  return [names, pages];
}

test('tags come sorted, in pages of the wanted size', async (t) => {
  const { url } = await startRegistry(t);
  for (const tag of ['c', 'a', 'd', 'b', 'e']) await pushTinyImage(url, 'ns/kmod', tag, image);
  const read = ({ tags }: { tags: string[] }): string[] => tags;
  assert.deepEqual(await readPages(`${url}/v2/ns/kmod/tags/list`, read), [['a', 'b', 'c', 'd', 'e'], 1]);
  assert.deepEqual(await readPages(`${url}/v2/ns/kmod/tags/list?n=2`, read), [['a', 'b', 'c', 'd', 'e'], 3]);
  assert.deepEqual(await readPages(`${url}/v2/ns/kmod/tags/list?n=2&last=c`, read), [['d', 'e'], 1]);
  assert.deepEqual(await readPages(`${url}/v2/ns/kmod/tags/list?n=0`, read), [[], 1]);
});

test('an unknown repository has no list of tags, and a page size is a number', async (t) => {
  const { url } = await startRegistry(t);
  await pushTinyImage(url, 'ns/kmod', '1', image);
  assert.equal(await refusal(await fetch(`${url}/v2/ns/nothing/tags/list`)), '404 NAME_UNKNOWN');
  assert.equal(await refusal(await fetch(`${url}/v2/ns/kmod/tags/list?n=many`)), '400 PAGINATION_NUMBER_INVALID');
});

test('the catalog lists the repositories', async (t) => {
  const { url } = await startRegistry(t);
  for (const repository of ['b', 'a/deep/er', 'a']) await pushTinyImage(url, repository, '1', image);
  const read = ({ repositories }: { repositories: string[] }): string[] => repositories;
  assert.deepEqual(await readPages(`${url}/v2/_catalog?n=1`, read), [['a', 'a/deep/er', 'b'], 3]);
});

test('referrers of a digest are listed, also filtered, also before the digest is there', async (t) => {
  const { url } = await startRegistry(t);
  const other = buildTinyImage({ files: { other: '' } });
  await pushTinyImage(url, 'ns/kmod', 'other', other);
  const signature = JSON.stringify({
    schemaVersion: 2,
    mediaType: descriptor.mediaType,
    artifactType: 'application/x.signature',
    config: other.config.descriptor,
    layers: [other.layer.descriptor],
    subject: descriptor,
    annotations: { by: 'us' },
  });
  const headers = { 'Content-Type': descriptor.mediaType };
  const put = await fetch(`${url}/v2/ns/kmod/manifests/sig`, { method: 'PUT', body: signature, headers });
  assert.equal(put.headers.get('OCI-Subject'), descriptor.digest);

  const home = `${url}/v2/ns/kmod/referrers/${descriptor.digest}`;
  const all = await fetch(home);
  assert.equal(all.headers.get('Content-Type'), 'application/vnd.oci.image.index.v1+json');
  const [found] = ((await all.json()) as { manifests: object[] }).manifests;
  assert.deepEqual(found, {
    mediaType: descriptor.mediaType,
    digest: put.headers.get('Docker-Content-Digest'),
    size: signature.length,
    artifactType: 'application/x.signature',
    annotations: { by: 'us' },
  });
  const filtered = await fetch(`${home}?artifactType=application/x.sbom`);
  assert.equal(filtered.headers.get('OCI-Filters-Applied'), 'artifactType');
  assert.deepEqual(((await filtered.json()) as { manifests: object[] }).manifests, []);
  assert.equal(await refusal(await fetch(`${url}/v2/ns/kmod/referrers/latest`)), '400 DIGEST_INVALID');
});

import type { Digest } from '../../../shared/oci/digest.ts';
import { buildTinyIndex, type Content, type TinyImage } from './tiny-image.ts';

export interface PushOptions {
  /** `Authorization`, for a registry that asks. */
  authorization?: string;
}

/**
 * Pushes an image, or several as one index, to `<registryUrl>/<repository>:<tag>` by plain HTTP. Returns the digest that
 * the tag points to. Throws when the registry refuses.
 */
export async function pushTinyImage(
  registryUrl: string,
  repository: string,
  tag: string,
  image: TinyImage | readonly TinyImage[],
  options: PushOptions = {},
): Promise<Digest> {
  const home = `${registryUrl}/v2/${repository}`;
  const put = (url: string | URL, { bytes, descriptor }: Content, type: string): Promise<void> =>
    send(
      url,
      { method: 'PUT', body: Buffer.from(bytes), headers: { 'Content-Type': type } },
      options,
      descriptor.digest,
    );

  async function putBlob(blob: Content): Promise<void> {
    const location = await openUpload(`${home}/blobs/uploads/`, options);
    location.searchParams.set('digest', blob.descriptor.digest);
    await put(location, blob, 'application/octet-stream');
  }

  async function putImage({ config, layer, manifest }: TinyImage, name: string): Promise<Digest> {
    await putBlob(layer);
    await putBlob(config);
    await put(`${home}/manifests/${name}`, manifest, manifest.descriptor.mediaType);
    return manifest.descriptor.digest;
  }

  if (!isSeveral(image)) return putImage(image, tag);
  for (const one of image) await putImage(one, one.manifest.descriptor.digest);
  const index = buildTinyIndex(image);
  await put(`${home}/manifests/${tag}`, index, index.descriptor.mediaType);
  return index.descriptor.digest;
}

function isSeveral(image: TinyImage | readonly TinyImage[]): image is readonly TinyImage[] {
  return Array.isArray(image);
}

async function openUpload(url: string, options: PushOptions): Promise<URL> {
  const answer = await request(url, { method: 'POST' }, options);
  await answer.body?.cancel();
  if (answer.status !== 202) throw new Error(`${url} did not open an upload: HTTP ${answer.status}`);
  return new URL(answer.headers.get('Location') ?? '', url);
}

async function send(url: string | URL, init: RequestInit, options: PushOptions, digest: Digest): Promise<void> {
  const answer = await request(url, init, options);
  const words = (await answer.text()).slice(0, 500);
  if (answer.status !== 201) throw new Error(`The registry refused ${digest}: HTTP ${answer.status} ${words}`);
}

function request(url: string | URL, init: RequestInit, { authorization }: PushOptions): Promise<Response> {
  const headers = new Headers(init.headers);
  if (authorization !== undefined) headers.set('Authorization', authorization);
  return fetch(url, { ...init, headers });
}

import * as z from 'zod';
import { parseWith } from '../../kmm/parse.ts';
import { type Decoded, decodeItem, delivered, ignored, triggers } from '../decoded.ts';
import { verifyBodySignature } from './body-signature.ts';
import { notAnImage } from './image-content.ts';
import { DigestText, imageTrigger, RepositoryName, TagName } from './image-trigger.ts';
import type { DecodeOptions, EventSource } from './source.ts';

/**
 * A webhook of GitHub for its Container Registry: `package` of an organization or repository, or the older
 * `registry_package`, which differs in one key. Every manifest is announced, the parts of an index too (their tag is empty); a
 * delete never is. What it says about itself is read from the body: only that is signed. Cut down:
 * ```json
 * {"action":"published","package":{"id":779666,"name":"nic","namespace":"Acme","ecosystem":"CONTAINER",
 *   "package_type":"CONTAINER","owner":{"login":"Acme"},"package_version":{
 *    "name":"sha256:588639a61a605199102d6db2bb4fcb3c0e4fb76d1c10462fae565473d4d8e175",
 *    "container_metadata":{"tag":{"name":"6.1.0-18-amd64","digest":"sha256:5886…"},
 *     "manifest":{"digest":"sha256:5886…","media_type":"application/vnd.oci.image.manifest.v1+json","size":499,
 *      "config":{"digest":"sha256:b718…","media_type":"application/vnd.oci.image.config.v1+json","size":634},
 *      "layers":[{"digest":"sha256:9d48…","media_type":"application/vnd.oci.image.layer.v1.tar+gzip","size":350}]}},
 *    "package_url":"ghcr.io/Acme/nic:6.1.0-18-amd64"},"registry":{"name":"GitHub CONTAINER registry","type":"CONTAINER"}}}
 * ```
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#package
 */
export const ghcr: EventSource = {
  recognise: ({ body }) => Ping.safeParse(body).success || PackageEvent.safeParse(body).success,
  verify: (request, { secrets }) =>
    verifyBodySignature(request, secrets, { header: 'x-hub-signature-256', prefix: 'sha256=' }),
  decode: ({ headers, body }, options) => [
    decodeItem(() => delivered(decode(body, options), headers['x-github-delivery'])),
  ],
  poison: 'absorb',
};

const Ping = z.object({ zen: z.string(), hook_id: z.number() });

/** What tells GitHub's from Gitea's, which speaks of a `package` as well. */
const Package = z.looseObject({ ecosystem: z.string() });
const PackageEvent = z.union([
  z.object({ action: z.string(), package: Package }),
  z.object({ action: z.string(), registry_package: Package }).transform(({ action, registry_package }) => ({
    action,
    package: registry_package,
  })),
]);

const MediaType = z.object({ media_type: z.string().optional() });
const ContainerPackage = z.object({
  name: z.string(),
  owner: z.object({ login: z.string() }),
  package_version: z.object({
    name: DigestText,
    container_metadata: z.object({
      tag: z.object({ name: z.union([TagName, z.literal('').transform(() => undefined)]).optional() }).nullish(),
      manifest: MediaType.extend({ config: MediaType.nullish(), layers: z.array(MediaType).nullish() }).nullish(),
    }),
  }),
});

function decode(body: unknown, { registry = 'ghcr.io' }: DecodeOptions): Decoded {
  const event = parseWith(z.looseObject({}), body, 'GitHub webhook');
  if (event['zen'] !== undefined) return ignored('a ping');
  if (event['package'] === undefined && event['registry_package'] === undefined) return ignored('not about a package');
  const { action, package: found } = parseWith(PackageEvent, body, 'GitHub webhook');
  if (action !== 'published' && action !== 'updated') return ignored('not a push');
  if (!['container', 'docker'].includes(found.ecosystem.toLowerCase())) return ignored('not a container package');
  const { owner, name, package_version } = parseWith(ContainerPackage, found, 'GitHub webhook: package');
  const { tag, manifest } = package_version.container_metadata;
  const why = notAnImage({ mediaType: manifest?.media_type, tag: tag?.name, references: contentTypes(manifest) });
  if (why !== undefined) return ignored(why);
  // Image references are in lower case, whatever the owner is called.
  const path = `${owner.login}/${name}`.toLowerCase();
  const repository = parseWith(RepositoryName, path, 'GitHub webhook: owner and name of the package');
  return triggers(imageTrigger({ action: 'push', registry, repository, tag: tag?.name, digest: package_version.name }));
}

type Manifest = z.infer<typeof ContainerPackage>['package_version']['container_metadata']['manifest'];

function contentTypes(manifest: Manifest): string[] {
  const parts = [manifest?.config, ...(manifest?.layers ?? [])];
  return parts.flatMap((part) => part?.media_type ?? []);
}

import * as z from 'zod';
import { InvalidInput } from '../../kmm/errors.ts';
import { parseJson, parseWith } from '../../kmm/parse.ts';
import { type Decoded, ignored, triggers } from '../decoded.ts';
import { cloudEventTypes, decodeCloudEvents, type Envelope } from './cloud-event.ts';
import { notAnImage } from './image-content.ts';
import { TagOrDigest } from './image-reference.ts';
import { DigestText, imageTrigger, RegistryHost, RepositoryName } from './image-trigger.ts';
import { verifySharedSecret } from './shared-secret.ts';
import type { DecodeOptions, EventSource } from './source.ts';

/**
 * Zot's events extension with an HTTP sink: CloudEvents in binary mode, with the credentials or headers that the sink has. An
 * event names the repository, never the registry: the configuration says what image references call it.
 * ```
 * Authorization: Basic a21tOnRoZS1zZWNyZXQtb2Ytem90
 * ce-specversion: 1.0
 * ce-id: 3f1a1e0e-64b5-4bd5-9b7e-6f7b7f2f0f59
 * ce-source: zotregistry.dev
 * ce-type: zotregistry.image.updated
 * ce-time: 2026-11-20T10:12:01.311Z
 *
 * {"digest":"sha256:5886…","manifest":"{\"schemaVersion\":2,\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",…}",
 *  "mediaType":"application/vnd.oci.image.manifest.v1+json","name":"drivers/nic","reference":"6.1.0"}
 * ```
 * https://zotregistry.dev/latest/articles/events/
 */
export const zot: EventSource = {
  recognise: (event) => cloudEventTypes(event).some((type) => type.startsWith('zotregistry.')),
  verify: verifySharedSecret,
  decode: (event, options) => decodeCloudEvents(event, (envelope) => decode(envelope, options)),
  poison: 'absorb',
};

const actions: Record<string, 'push' | 'delete'> = {
  'zotregistry.image.updated': 'push',
  'zotregistry.image.deleted': 'delete',
};

const ImageEvent = z.object({
  name: RepositoryName,
  reference: TagOrDigest,
  digest: DigestText.optional(),
  mediaType: z.string().optional(),
  manifest: z.string().optional(),
});

function decode({ type, data }: Envelope, options: DecodeOptions): Decoded {
  const action = Object.hasOwn(actions, type) ? actions[type] : undefined;
  if (action === undefined) return ignored('neither a push nor a delete');
  const event = parseWith(ImageEvent, data, 'Zot event');
  const { tag } = event.reference;
  const why = notAnImage({ mediaType: event.mediaType, tag, ...typesIn(event.manifest) });
  if (why !== undefined) return ignored(why);
  const registry = parseWith(RegistryHost, options.registry, 'Zot event: the configured registry');
  const digest = event.reference.digest ?? event.digest;
  return triggers(imageTrigger({ action, registry, repository: event.name, tag, digest }));
}

const ManifestTypes = z.object({
  artifactType: z.string().optional(),
  config: z.object({ mediaType: z.string() }).optional(),
  layers: z.array(z.object({ mediaType: z.string() })).default([]),
});

/** Media types that the manifest itself tells. One that can't be read keeps nothing back: the registry is asked anyway. */
function typesIn(manifest: string | undefined): { artifactType?: string; references?: string[] } {
  const types = ManifestTypes.safeParse(manifest === undefined ? undefined : jsonOr(manifest));
  if (!types.success) return {};
  const { artifactType, config, layers } = types.data;
  const references = [...(config === undefined ? [] : [config]), ...layers].map(({ mediaType }) => mediaType);
  return { references, ...(artifactType !== undefined && { artifactType }) };
}

function jsonOr(text: string): unknown {
  try {
    return parseJson(text, 'Zot event: manifest');
  } catch (error) {
    if (error instanceof InvalidInput) return undefined;
    throw error;
  }
}

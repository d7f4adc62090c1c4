import * as z from 'zod';
import { InvalidInput } from '../../kmm/errors.ts';
import { parseWith } from '../../kmm/parse.ts';
import { type Decoded, decodeItem, ignored, triggers } from '../decoded.ts';
import { verifyBodySignature } from './body-signature.ts';
import { notAnImage } from './image-content.ts';
import { ImageReference } from './image-reference.ts';
import { imageTrigger } from './image-trigger.ts';
import type { DecodeOptions, EventSource } from './source.ts';

/**
 * For whatever else can send JSON and sign it (a pipeline, a registry with templates): image references and what was done to
 * them, with the HMAC-SHA256 of the body's bytes. Without tag and digest a reference means `latest`.
 * ```
 * X-Signature: sha256=<64 hex digits>
 *
 * {"action":"push","images":["registry.example:5000/drivers/nic:6.1.0"]}
 * ```
 */
export const generic: EventSource = {
  recognise: ({ body }) => Envelope.safeParse(body).success,
  verify: (request, { secrets }) => verifyBodySignature(request, secrets, { header: 'x-signature', prefix: 'sha256=' }),
  decode: ({ body }, options) => {
    const batch = Envelope.safeParse(body);
    if (!batch.success)
      return [{ kind: 'poison', error: new InvalidInput('Event: expected {"action": …, "images": [references]}') }];
    const { action, images } = batch.data;
    if (action !== 'push' && action !== 'delete') return [ignored('neither a push nor a delete')];
    return images.map((image, index) => decodeItem(() => decode(action, { image, index }, options)));
  },
  poison: 'refuse',
};

/** Each reference is parsed alone, so that one bad one does not take the others along. */
const Envelope = z.object({ action: z.string(), images: z.array(z.unknown()).min(1).max(1000) });

function decode(
  action: 'push' | 'delete',
  { image, index }: { image: unknown; index: number },
  options: DecodeOptions,
): Decoded {
  const reference = parseWith(ImageReference, image, `Event: images.${index}`);
  const { repository, digest, tag = digest === undefined ? 'latest' : undefined } = reference;
  const registry = options.registry ?? reference.registry;
  const why = notAnImage({ tag });
  return why === undefined ? triggers(imageTrigger({ action, registry, repository, tag, digest })) : ignored(why);
}

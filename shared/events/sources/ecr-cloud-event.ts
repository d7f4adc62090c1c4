import * as z from 'zod';
import { InvalidInput } from '../../kmm/errors.ts';
import { parseWith } from '../../kmm/parse.ts';
import { type Decoded, ignored, triggers } from '../decoded.ts';
import { cloudEventTypes, decodeCloudEvents, type Envelope } from './cloud-event.ts';
import { EcrPlace, ecrRegistry } from './ecr-registry.ts';
import { notAnImage } from './image-content.ts';
import { DigestText, imageTrigger, RepositoryName, TagName } from './image-trigger.ts';
import { verifySharedSecret } from './shared-secret.ts';
import type { DecodeOptions, EventSource } from './source.ts';

/**
 * Amazon ECR through a rule of EventBridge whose input transformer makes a CloudEvent and whose API destination bears a
 * secret: what argocd-image-updater asks people to set up. (The event as EventBridge has it is source `ecr`.)
 * ```json
 * {"specversion":"1.0","id":"13cde686-328b-6117-af20-0e5566167482","type":"com.amazon.ecr.image.push",
 *  "source":"urn:aws:ecr:us-west-2:123456789012:repository/drivers/nic","subject":"drivers/nic:6.1.0",
 *  "time":"2026-08-01T00:00:00Z","datacontenttype":"application/json",
 *  "data":{"repositoryName":"drivers/nic","imageTag":"6.1.0","imageDigest":"sha256:7f5b…","registryId":"123456789012"}}
 * ```
 * https://argocd-image-updater.readthedocs.io/en/stable/configuration/webhook/
 */
export const ecrCloudEvent: EventSource = {
  recognise: (event) => cloudEventTypes(event).some((type) => type.startsWith('com.amazon.ecr.')),
  verify: verifySharedSecret,
  decode: (event, options) => decodeCloudEvents(event, (envelope) => decode(envelope, options)),
  poison: 'absorb',
};

const actions: Record<string, 'push' | 'delete'> = {
  'com.amazon.ecr.image.push': 'push',
  'com.amazon.ecr.image.delete': 'delete',
};

/** A transformer writes `""` for what the event does not have. */
const absent = z.literal('').transform(() => undefined);

const ImageData = z.object({
  repositoryName: RepositoryName,
  imageTag: z.union([TagName, absent]).optional(),
  imageDigest: z.union([DigestText, absent]).optional(),
  registryId: z.string().optional(),
});

/** `urn:aws:ecr:<region>:<account>:repository/…`; some write `arn`, and China's partition is another. */
const sourceGrammar = /^[ua]rn:aws[a-z-]*:ecr:([^:]*):([^:]*):repository\//;

function decode({ type, source, data }: Envelope, options: DecodeOptions): Decoded {
  const action = Object.hasOwn(actions, type) ? actions[type] : undefined;
  if (action === undefined) return ignored('neither a push nor a delete');
  const {
    repositoryName: repository,
    imageTag: tag,
    imageDigest: digest,
    registryId,
  } = parseWith(ImageData, data, 'ECR CloudEvent');
  const [, region, account] = sourceGrammar.exec(source) ?? [];
  const place = parseWith(EcrPlace, { account: registryId ?? account, region }, 'ECR CloudEvent: source');
  const registry = options.registry ?? ecrRegistry(place);
  if (tag === undefined && digest === undefined)
    throw new InvalidInput('ECR CloudEvent: neither tag nor digest', 'data');
  const why = notAnImage({ tag });
  if (why !== undefined) return ignored(why);
  return triggers(imageTrigger({ action, registry, repository, tag, digest }));
}

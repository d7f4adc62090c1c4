import * as z from 'zod';
import { parseWith } from '../../kmm/parse.ts';
import { type Decoded, decodeItem, delivered, ignored, triggers } from '../decoded.ts';
import { type SignatureForm, verifyBodySignature } from './body-signature.ts';
import { notAnImage } from './image-content.ts';
import { TagOrDigest } from './image-reference.ts';
import { imageTrigger, RegistryHost, RepositoryName } from './image-trigger.ts';
import type { DecodeOptions, EventSource, IncomingEvent } from './source.ts';

/**
 * Gitea and Forgejo: a webhook of an owner or of the whole site for "Package", which signs the body. The version is a tag or
 * the digest of a manifest; older releases send a tag in lower case.
 * ```
 * X-Gitea-Event: package
 * X-Gitea-Delivery: 5a3e1d0c-8f0b-4f52-9a1c-2d7f3f3f9d11
 * X-Gitea-Signature: <64 hex digits>
 *
 * {"action":"created","repository":null,"package":{"id":7,"owner":{"id":2,"login":"Drivers","username":"Drivers"},
 *   "repository":null,"creator":{"id":1,"login":"ci"},"type":"container","name":"nic","version":"6.1.0",
 *   "html_url":"https://git.example/Drivers/-/packages/container/nic/6.1.0","created_at":"2026-11-20T10:12:01Z"},
 *  "organization":null,"sender":{"id":1,"login":"ci"}}
 * ```
 * https://docs.gitea.com/usage/repository/webhooks
 */
export const gitea: EventSource = {
  recognise: ({ body }) => PackageEvent.safeParse(body).success,
  verify: (request, { secrets }) => signatures.some((form) => verifyBodySignature(request, secrets, form)),
  decode: (event, options) => [decodeItem(() => decode(event, options))],
  poison: 'absorb',
};

/** All of them are of the same bytes under the same secret. */
const signatures: readonly SignatureForm[] = [
  { header: 'x-gitea-signature', prefix: '' },
  { header: 'x-forgejo-signature', prefix: '' },
  { header: 'x-hub-signature-256', prefix: 'sha256=' },
];

const PackageEvent = z.object({
  action: z.string(),
  package: z.object({ type: z.string(), name: z.string(), version: z.string() }),
});

const ContainerPackage = z.object({
  owner: z.object({ login: z.string() }),
  name: z.string(),
  version: TagOrDigest,
  html_url: z.string().optional(),
});

const actions: Record<string, 'push' | 'delete'> = { created: 'push', deleted: 'delete' };

function decode({ headers, body }: IncomingEvent, options: DecodeOptions): Decoded {
  const kind = headers['x-gitea-event'] ?? headers['x-forgejo-event'] ?? 'package';
  if (kind !== 'package') return ignored('not about a package');
  const event = parseWith(PackageEvent, body, 'Package event');
  if (event.package.type !== 'container') return ignored('not a container image');
  const action = Object.hasOwn(actions, event.action) ? actions[event.action] : undefined;
  if (action === undefined) return ignored('neither a push nor a delete');
  const found = parseWith(z.object({ package: ContainerPackage }), body, 'Package event').package;
  const { tag, digest } = found.version;
  const why = notAnImage({ tag });
  if (why !== undefined) return ignored(why);
  const host = options.registry ?? URL.parse(found.html_url ?? '')?.host;
  const registry = parseWith(RegistryHost, host, 'Package event: package.html_url');
  // Owners keep their capitals on the site; image references can't.
  const name = `${found.owner.login}/${found.name}`.toLowerCase();
  const repository = parseWith(RepositoryName, name, 'Package event: owner and name');
  const delivery = headers['x-gitea-delivery'] ?? headers['x-forgejo-delivery'];
  return delivered(triggers(imageTrigger({ action, registry, repository, tag, digest })), delivery);
}

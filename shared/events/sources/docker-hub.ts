import * as z from 'zod';
import { parseWith } from '../../kmm/parse.ts';
import { type Decoded, decodeItem, ignored, triggers } from '../decoded.ts';
import { notAnImage } from './image-content.ts';
import { imageTrigger, RepositoryName, TagName } from './image-trigger.ts';
import { verifySharedSecret } from './shared-secret.ts';
import type { DecodeOptions, EventSource } from './source.ts';

/**
 * A webhook of Docker Hub: one tag, no digest, never a delete. It signs nothing and sets no header, so the secret stands in the
 * address. `callback_url` is never called: a body does not say where we go.
 * ```json
 * {"push_data":{"pushed_at":1785542400,"pusher":"acme","tag":"6.1.0-18-amd64","images":[]},
 *  "callback_url":"https://registry.hub.docker.com/u/acme/nic/hook/2141bc0cdec4hebec411i4c1g40242eg110020/",
 *  "repository":{"repo_name":"acme/nic","namespace":"acme","name":"nic","repo_url":"https://hub.docker.com/r/acme/nic",
 *   "status":"Active","is_private":true,"is_official":false}}
 * ```
 * https://docs.docker.com/docker-hub/repos/manage/webhooks/
 */
export const dockerHub: EventSource = {
  recognise: ({ body }) => Push.safeParse(body).success,
  verify: verifySharedSecret,
  decode: ({ body }, options) => [decodeItem(() => decode(body, options))],
  poison: 'absorb',
};

const Push = z.object({ push_data: z.looseObject({}), repository: z.object({ repo_name: z.string() }) });

const TagPush = z.object({
  push_data: z.object({ tag: TagName }),
  repository: z.object({ repo_name: RepositoryName }),
});

function decode(body: unknown, { registry = 'docker.io' }: DecodeOptions): Decoded {
  const event = parseWith(z.looseObject({}), body, 'Docker Hub webhook');
  if (event['push_data'] === undefined) return ignored('not a push');
  const { push_data, repository } = parseWith(TagPush, body, 'Docker Hub webhook');
  const { tag } = push_data;
  const why = notAnImage({ tag });
  if (why !== undefined) return ignored(why);
  return triggers(
    imageTrigger({ action: 'push', registry, repository: withNamespace(repository.repo_name), tag, digest: undefined }),
  );
}

/** As image references have it: official images live in `library`. */
function withNamespace(repository: string): string {
  return repository.includes('/') ? repository : `library/${repository}`;
}

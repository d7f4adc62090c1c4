import type { Happening, HappeningContent } from './happening.ts';

/** Where and by whom something happened, as the event tells it. */
export interface RequestFacts {
  id: string;
  addr: string;
  host: string;
  method: string;
  useragent: string;
}

export interface NotificationFacts {
  id: string;
  timestamp: string;
  scheme: 'http' | 'https';
  request: RequestFacts;
  /** The user who authenticated, if anybody had to. */
  actor: string | undefined;
  source: { addr: string; instanceID: string };
}

/**
 * One event with the fields of CNCF Distribution 2.8, in its order.
 * https://distribution.github.io/distribution/about/notifications/
 */
export function toNotificationEvent(happening: Happening, facts: NotificationFacts): object {
  const { id, timestamp, request, actor, source } = facts;
  const target = targetOf(happening, `${facts.scheme}://${request.host}/v2/${happening.repository}`);
  return {
    id,
    timestamp,
    action: happening.action,
    target,
    request,
    actor: actor === undefined ? {} : { name: actor },
    source,
  };
}

function targetOf(happening: Happening, home: string): object {
  const { repository } = happening;
  switch (happening.action) {
    case 'delete':
      return 'digest' in happening.deleted
        ? { digest: happening.deleted.digest, repository }
        : { repository, tag: happening.deleted.tag };
    case 'mount':
      return contentTarget(happening.content, { repository, fromRepository: happening.fromRepository }, home);
    case 'push':
    case 'pull':
      return contentTarget(happening.content, { repository }, home);
  }
}

function contentTarget(content: HappeningContent, names: object, home: string): object {
  const { kind, mediaType, digest, size, tag, references } = content;
  return {
    mediaType,
    size,
    digest,
    length: size,
    ...names,
    url: `${home}/${kind}/${digest}`,
    ...(tag === undefined ? {} : { tag }),
    ...(references === undefined ? {} : { references }),
  };
}

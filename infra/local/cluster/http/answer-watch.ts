import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Kind, resources } from '../../../../shared/kubernetes/resources.ts';
import { ApiError } from '../store/api-error.ts';
import type { StoredObject } from '../store/object.ts';
import type { ClusterStore } from '../store/store.ts';
import type { WatchRequest } from '../store/watch-objects.ts';
import { failure } from './answer.ts';
import { tableOf, wantsTable } from './table.ts';

export interface WatchOptions extends WatchRequest {
  bookmarks: boolean;
  timeoutSeconds: number | undefined;
}

/** A client that reads slower than the cluster changes is cut off at this many unread bytes; it lists and watches anew. */
const mostUnreadBytes = 16 * 2 ** 20;
const bookmarkMs = 30_000;
const longestMs = 3_600_000;

/** One JSON line per change until the client leaves or its time is up. Too old a version is an ERROR line, as in a cluster. */
export function answerWatch(
  store: ClusterStore,
  kind: Kind,
  options: WatchOptions,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const line = (type: string, object: object) => {
    response.write(`${JSON.stringify({ type, object })}\n`);
    if (response.writableLength > mostUnreadBytes) response.destroy();
  };
  const bookmark = () => {
    const metadata = { resourceVersion: String(store.version()), creationTimestamp: null };
    if (options.bookmarks) line('BOOKMARK', { kind, apiVersion: resources[kind].apiVersion, metadata });
  };

  try {
    const shown = (object: StoredObject) => (wantsTable(request) ? tableOf(kind, [object], {}, new Date()) : object);
    const stop = store.watch(kind, options, ({ type, object }) => line(type, shown(object)));
    const marks = setInterval(bookmark, bookmarkMs);
    const end = setTimeout(
      () => {
        bookmark();
        response.end();
      },
      Math.min((options.timeoutSeconds ?? longestMs) * 1000, longestMs),
    );
    const leave = () => {
      stop();
      clearInterval(marks);
      clearTimeout(end);
    };
    request.on('close', leave);
    response.on('close', leave);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    line('ERROR', failure(error));
    response.end();
  }
}

import { type KubeConfig, Watch } from '@kubernetes/client-node';
import * as z from 'zod';
import { ClusterError } from '../../../shared/ports/errors.ts';

/** One connection. Resolves when it ends by itself; rejects with ClusterError when the server refuses or forgot the version. */
export async function watchOnce(
  path: string,
  query: Record<string, string | boolean>,
  { kubeConfig, signal }: { kubeConfig: KubeConfig; signal: AbortSignal },
  onEvent: (type: string, object: unknown) => void,
): Promise<void> {
  const watch = new Watch(kubeConfig);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const connection = await watch.watch(
    path,
    query,
    (type, object) => (type === 'ERROR' ? reject(toError(path, object)) : onEvent(type, object)),
    (error) => (isOrdinaryEnd(error) ? resolve() : reject(toError(path, error))),
  );
  const stop = () => connection.abort();
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) stop();
    await promise;
  } finally {
    stop();
    signal.removeEventListener('abort', stop);
  }
}

/** The server closes a watch after some minutes; client-node does when nothing came for half a minute. */
function isOrdinaryEnd(error: unknown): boolean {
  return error === null || error === undefined || (error instanceof Error && error.name === 'TimeoutError');
}

/** A Status object of the stream (`code`), or client-node's error for the answer (`statusCode`). */
function toError(path: string, problem: unknown): ClusterError {
  const seen = z.object({ code: z.number().optional(), statusCode: z.number().optional() }).safeParse(problem);
  const status = seen.data?.code ?? seen.data?.statusCode;
  const message = `WATCH ${path}: ${status === undefined ? String(problem) : `HTTP ${status}`}`;
  const cause = problem instanceof Error ? { cause: problem } : {};
  return new ClusterError(status === 410 ? 'GONE' : 'UNAVAILABLE', message, {
    ...cause,
    ...(status !== undefined && { status }),
  });
}

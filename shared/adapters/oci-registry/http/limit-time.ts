import type { ClientRequest, IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Timeouts } from '../options.ts';

/** Ends a request that does not connect, does not answer, or whose body stalls: with `ETIMEDOUT` in each case. */
export function limitTime(outgoing: ClientRequest, { connect, answer, idle }: Timeouts): void {
  let incoming: IncomingMessage | undefined;
  const expire = () => (incoming ?? outgoing).destroy(timeoutError());
  let timer = setTimeout(expire, connect);

  const connected = () => {
    clearTimeout(timer);
    // A request that writes a body may take its time as long as it moves: the idle limit watches it.
    if (incoming === undefined && outgoing.getHeader('Content-Length') === undefined)
      timer = setTimeout(expire, answer);
  };
  outgoing.once('socket', (socket) => {
    if (outgoing.reusedSocket || !socket.connecting) connected();
    else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', connected);
  });
  outgoing.once('response', (response) => {
    clearTimeout(timer);
    incoming = response;
  });
  outgoing.once('close', () => clearTimeout(timer));
  // Data that waits for a slow reader of ours is not the registry's silence.
  outgoing.setTimeout(idle, () => void ((incoming?.readableLength ?? 0) > 0 || expire()));
}

function timeoutError(): Error {
  return Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });
}

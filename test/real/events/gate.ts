import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way over loopback to a receiver, which can be shut: then the receiver is away for whoever uses it. */
export interface Gate {
  open(): Promise<void>;
  shut(): Promise<void>;
}

export function createGate(port: number, to: number): Gate {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const server = createServer((incoming) => {
    const outgoing = keep(connect(to, '127.0.0.1'));
    keep(incoming).pipe(outgoing).pipe(incoming);
  });
  return {
    open: async () => {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    shut: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

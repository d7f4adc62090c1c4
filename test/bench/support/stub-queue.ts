import { once } from 'node:events';
import { createServer } from 'node:http';
import { queuedFunctions } from '../../../shared/ports/bus.ts';

/** SQS on loopback as far as SendMessageBatch needs it: everything is taken, and forgotten. */
export async function startStubQueue(): Promise<{ queues: Record<string, string>; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    request.resume();
    request.once('end', () =>
      response.setHeader('content-type', 'application/x-amz-json-1.0').end('{"Successful":[]}'),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The queue has no TCP address');
  const urlOf = (name: string) => `http://127.0.0.1:${address.port}/000000000000/${name}`;
  return {
    queues: Object.fromEntries(queuedFunctions.map((name) => [name, urlOf(name)])),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

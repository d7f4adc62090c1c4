import { createLocalRegistry, type LocalRegistry } from './registry/local-registry.ts';
import { registrySource } from './stack-configuration.ts';
import type { StackFolder } from './stack-folder.ts';

export interface StackRegistryOptions {
  /** 0: any free one. */
  port: number;
  /** Where the door for its notifications is, or is going to be: it tries until somebody takes them. */
  serverPort: number;
  /** What the door knows it by. */
  secret: string;
}

/** The embedded registry, which tells the server of pushes as a real one would. */
export function startRegistry(folder: StackFolder, options: StackRegistryOptions): Promise<LocalRegistry> {
  const { port, serverPort, secret } = options;
  const { source, name } = registrySource;
  const url = `http://127.0.0.1:${serverPort}/events/${source}/${name}`;
  return createLocalRegistry({
    port,
    notify: [{ url, headers: { Authorization: `Bearer ${secret}` } }],
    ...(folder.isKept && { dataDir: `${folder.path}/registry` }),
  });
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCertificate } from './certificate.ts';
import { startProgram } from './program.ts';
import { run } from './run.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { waitForUrl } from './wait-for-url.ts';

/** What `missingPackages` has to find before `startDebianRegistry` is called. */
export const debianRegistryPackages = ['docker-registry', 'apache2-utils', 'openssl'];

export interface DebianRegistryOptions {
  /** HTTPS with a certificate made for this registry (`DebianRegistry.ca`). */
  tls?: boolean;
  /** Lets in only this user. */
  htpasswd?: { username: string; password: string };
  /** A refused or lost notification comes again after 100 ms, in order. */
  notifications?: { url: string; headers?: Record<string, string>; ignoreActions?: readonly string[] };
}

export interface DebianRegistry {
  /** `127.0.0.1:<port>`, as it stands in image references. */
  readonly host: string;
  readonly url: string;
  /** PEM; only with `tls`. */
  readonly ca: string | undefined;
  /** A file with `ca`, in a folder of its own (`--cert-dir` of skopeo and buildah). */
  readonly caFile: string | undefined;
  logs(): string;
  stop(): Promise<void>;
}

/** Debian's `docker-registry` (CNCF Distribution) on a free loopback port, with deletion enabled, on a folder of its own. */
export async function startDebianRegistry(options: DebianRegistryOptions = {}): Promise<DebianRegistry> {
  const folder = await temporaryFolder('debian-registry');
  const certificate = options.tls ? await createCertificate(folder.path) : undefined;
  const config = {
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder.path, 'data') }, delete: { enabled: true } },
    http: {
      addr: '127.0.0.1:0',
      secret: 'one registry alone: no secret to share',
      ...(certificate ? { tls: { certificate: certificate.certFile, key: certificate.keyFile } } : {}),
    },
    ...(options.htpasswd ? { auth: { htpasswd: await htpasswd(options.htpasswd, folder.path) } } : {}),
    ...(options.notifications
      ? { notifications: { events: { includereferences: true }, endpoints: [endpoint(options.notifications)] } }
      : {}),
  };
  // JSON is YAML.
  const configFile = join(folder.path, 'config.yml');
  await writeFile(configFile, JSON.stringify(config));

  const program = startProgram('docker-registry', ['serve', configFile]);
  const stop = async (): Promise<void> => {
    await program.stop();
    await folder.remove();
  };
  try {
    const [, host = ''] = await program.waitForOutput(/listening on (127\.0\.0\.1:\d+)/);
    const url = `${certificate ? 'https' : 'http'}://${host}`;
    await waitForUrl(`${url}/v2/`, certificate ? { ca: certificate.cert } : {});
    return { host, url, ca: certificate?.cert, caFile: certificate?.certFile, logs: program.output, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function htpasswd(user: { username: string; password: string }, folder: string): Promise<object> {
  const path = join(folder, 'htpasswd');
  // Distribution reads bcrypt only; the lowest cost is enough here.
  await writeFile(path, await run('htpasswd', ['-n', '-i', '-B', '-C', '4', user.username], { input: user.password }));
  return { realm: 'test', path };
}

function endpoint({
  url,
  headers = {},
  ignoreActions = [],
}: NonNullable<DebianRegistryOptions['notifications']>): object {
  const lists = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  const patience = { timeout: '5s', threshold: 100, backoff: '100ms' };
  return { name: 'test', url, headers: lists, ...patience, ignore: { actions: ignoreActions } };
}

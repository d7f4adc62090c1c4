import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { KmmError } from '../../../shared/kmm/errors.ts';
import { type DockerConfig, parseDockerConfig } from '../../../shared/oci/docker-config.ts';
import { UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { say } from '../output/say.ts';
import type { RegistryChoice } from './registry-choice.ts';

export interface RegistryFlags {
  dockerConfig?: string;
  plainHttp?: string[];
  registryCa?: string;
}

/**
 * The registry flags, their files read. `hosts`, the registries that the Modules name: one that is called `localhost` or a
 * loopback address may be asked, since it is the user who says so.
 */
export async function readChoice(flags: RegistryFlags, hosts: readonly string[], io: Io): Promise<RegistryChoice> {
  const { plainHttp = [], registryCa, dockerConfig } = flags;
  return {
    plainHttp,
    loopback: hosts.filter(isLoopback),
    ca: registryCa === undefined ? undefined : await readText(registryCa, '--registry-ca', io),
    dockerConfig: dockerConfig === undefined ? undefined : await readDockerConfig(dockerConfig, io),
    env: io.env,
  };
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/.test(host);
}

async function readDockerConfig(file: string, io: Io): Promise<DockerConfig> {
  const text = await readText(file, '--docker-config', io);
  try {
    const config = parseDockerConfig(text);
    if (config.entries.length === 0)
      say(io, `note: ${file} holds no credentials (those of a credential helper are not asked for)`);
    return config;
  } catch (cause) {
    if (!(cause instanceof KmmError)) throw cause;
    throw new UsageError(`--docker-config ${file}: ${cause.message}`, { cause });
  }
}

async function readText(file: string, flag: string, { cwd }: Io): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), 'utf8');
  } catch (cause) {
    throw new UsageError(`${flag}: the file ${file} can't be read.`, { cause });
  }
}

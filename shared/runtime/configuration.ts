import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { RegistryHost } from '../events/sources/image-trigger.ts';
import { InvalidInput } from '../kmm/errors.ts';
import { parseJson, parseWith } from '../kmm/parse.ts';
import { defaultIgnoredTaints } from '../kubernetes/ignored-taints.ts';
import { queuedFunctions } from '../ports/bus.ts';

/** The name of an environment variable, or the path of a file (it starts with `/`): never a secret itself. */
export const SecretName = z
  .string()
  .regex(/^(?:\/.+|[A-Za-z_][A-Za-z0-9_]*)$/, 'expected the name of a variable or an absolute path');

const Grant = z.strictObject({
  namespaces: z.array(z.string()),
  pull: z.array(z.string()).default([]),
  push: z.array(z.string()).default([]),
  kmsKeys: z.array(z.string()).default([]),
});

const Registries = z.strictObject({
  /** Registries that may resolve to a loopback address. */
  loopback: z.array(RegistryHost).default([]),
  /** Registries that are asked by http. */
  plainHttp: z.array(RegistryHost).default([]),
  /** Path of a PEM file with more certificate authorities. */
  ca: z.string().optional(),
  proxy: z.url({ protocol: /^https?$/ }).optional(),
  /** What events call a registry → what image references call it. */
  hostAliases: z.record(RegistryHost, RegistryHost).default({}),
});

const QueueUrls = z.partialRecord(z.enum(queuedFunctions), z.url({ protocol: /^https?$/ }));

/** The API server, where no pod's service account tells: paths are of PEM and token files. */
const ApiServer = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  ca: z.string().optional(),
  tokenFile: z.string().optional(),
});

/** What an installation says about itself. Everything but the cluster's name has a default. */
export const Configuration = z.strictObject({
  clusterName: z.string().min(1).max(100),
  apiServer: ApiServer.optional(),
  /** Only these namespaces; absent: all. */
  namespaces: z.array(z.string().min(1)).optional(),
  /** What our ambient credentials (ECR, KMS) may serve; by default nothing. */
  grants: z.array(Grant).default([]),
  registries: Registries.prefault({}),
  /** Senders at the registries' door, which parses them (source-configuration.ts): the other functions carry none of it. */
  sources: z.array(z.unknown()).default([]),
  clusterHookSecrets: z.array(SecretName).default([]),
  loaderImage: z.string().optional(),
  firmwareHostPath: z.string().startsWith('/').default('/var/lib/firmware'),
  ignoredTaints: z.array(z.string().min(1)).default([...defaultIgnoredTaints]),
  /** `external`: somebody else builds and pushes; we wait for it. */
  builder: z.enum(['none', 'external']).default('none'),
  maxKernels: z.int().min(1).max(1024).default(64),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** SQS, by function. Without them the process has a queue of its own (the server). */
  queues: QueueUrls.default({}),
  deadLetterQueues: QueueUrls.default({}),
});
export type Configuration = z.infer<typeof Configuration>;

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `KMM_CONFIG`: JSON itself, or the path of a file with it. Throws InvalidInput that names the path within, so that a
 * wrong installation fails at its start and says where.
 */
export function readConfiguration(environment: Environment, readFile = readTextFile): Configuration {
  const value = environment['KMM_CONFIG']?.trim() ?? '';
  if (value === '')
    throw new InvalidInput('Configuration: set KMM_CONFIG to JSON, or to the path of a JSON file', 'KMM_CONFIG');
  const text = value.startsWith('{') ? value : readFile(value);
  return parseWith(Configuration, parseJson(text, 'Configuration (KMM_CONFIG)'), 'Configuration (KMM_CONFIG)');
}

export function readTextFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new InvalidInput(`Configuration: the file ${path} can't be read`, path, { cause });
  }
}

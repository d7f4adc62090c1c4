import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { loadYaml } from '@kubernetes/client-node';
import * as z from 'zod';
import { ClusterError } from '../../../ports/errors.ts';

// https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
const KubeconfigCluster = z.object({
  server: z.string(),
  'certificate-authority': z.string().optional(),
  'certificate-authority-data': z.string().optional(),
  'tls-server-name': z.string().optional(),
  'insecure-skip-tls-verify': z.boolean().optional(),
  'proxy-url': z.string().optional(),
  extensions: z.array(z.object({ name: z.string(), extension: z.unknown() })).nullish(),
});
export type KubeconfigCluster = z.infer<typeof KubeconfigCluster>;

const ExecConfig = z.object({
  apiVersion: z.enum(['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1']),
  command: z.string().min(1),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  installHint: z.string().default(''),
  provideClusterInfo: z.boolean().default(false),
  interactiveMode: z.enum(['Never', 'IfAvailable', 'Always']).default('IfAvailable'),
});
export type ExecConfig = z.infer<typeof ExecConfig>;

const KubeconfigUser = z.object({
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  'client-certificate': z.string().optional(),
  'client-certificate-data': z.string().optional(),
  'client-key': z.string().optional(),
  'client-key-data': z.string().optional(),
  as: z.string().optional(),
  'as-uid': z.string().optional(),
  'as-groups': z.array(z.string()).nullish(),
  exec: ExecConfig.nullish(),
  'auth-provider': z.object({ name: z.string() }).nullish(),
});
export type KubeconfigUser = z.infer<typeof KubeconfigUser>;

const named = z.object({ name: z.string() });
const Kubeconfig = z.object({
  'current-context': z.string().default(''),
  contexts: z
    .array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string().optional() }) }))
    .nullish(),
  clusters: z.array(named.extend({ cluster: z.unknown() })).nullish(),
  users: z.array(named.extend({ user: z.unknown() })).nullish(),
});

/** What the current context of a kubeconfig names. Paths in it are relative to `folder`. */
export interface CurrentContext {
  file: string;
  folder: string;
  cluster: KubeconfigCluster;
  user: KubeconfigUser;
}

/** Reads a kubeconfig file. Entries that the current context doesn't name may be of any shape. */
export async function readKubeconfig(file: string): Promise<CurrentContext> {
  const config = parse(Kubeconfig, await load(file), file, '');
  const context = config.contexts?.find(({ name }) => name === config['current-context'])?.context;
  const cluster = config.clusters?.find(({ name }) => name === context?.cluster)?.cluster;
  if (context === undefined || cluster === undefined) {
    throw invalid(file, 'has no current context with a cluster: set current-context');
  }
  const user = config.users?.find(({ name }) => name === context.user)?.user;
  return {
    file,
    folder: dirname(resolve(file)),
    cluster: parse(KubeconfigCluster, cluster, file, `cluster ${context.cluster}`),
    user: parse(KubeconfigUser, user ?? {}, file, `user ${context.user}`),
  };
}

async function load(file: string): Promise<unknown> {
  try {
    return loadYaml(await readFile(file, 'utf8'));
  } catch (cause) {
    // The first line only: what follows quotes the file, whose lines may be keys.
    const [why] = cause instanceof Error ? cause.message.split('\n') : [String(cause)];
    throw invalid(file, `can't be read: ${why}`);
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown, file: string, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(file, `${what && `${what}: `}${issue?.path.join('.') || 'content'}: ${issue?.message}`);
}

function invalid(file: string, why: string): ClusterError {
  return new ClusterError('INVALID', `The kubeconfig ${file} ${why}`);
}

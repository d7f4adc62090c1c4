import { execFile } from 'node:child_process';
import { isAbsolute, join, sep } from 'node:path';
import * as z from 'zod';
import { ClusterError } from '../../../ports/errors.ts';
import type { CurrentContext, ExecConfig } from './kubeconfig.ts';

// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#input-and-output-formats
const ExecCredential = z.object({
  apiVersion: z.string(),
  kind: z.literal('ExecCredential'),
  status: z.object({
    expirationTimestamp: z.iso.datetime({ offset: true }).optional(),
    token: z.string().min(1).optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
  }),
});
export type ExecStatus = z.infer<typeof ExecCredential>['status'];

export interface ExecOptions {
  timeoutMs: number;
  /** The environment that the plugin gets beside what the kubeconfig sets. */
  env: NodeJS.ProcessEnv;
}

/** The kubeconfig that names the plugin, and the text of its cluster's authority, which the plugin may be told. */
export type PluginContext = CurrentContext & { ca: string | undefined };

/** Runs a credential plugin once. Its standard output is a secret, and stands in no error. */
export async function runExecPlugin(
  config: ExecConfig,
  context: PluginContext,
  options: ExecOptions,
): Promise<ExecStatus> {
  const { file, folder } = context;
  const plugin = `The credential plugin ${config.command} of the kubeconfig ${file}`;
  if (config.interactiveMode === 'Always') {
    throw new ClusterError('UNAUTHORIZED', `${plugin} asks its user (interactiveMode: Always), and nobody is there`);
  }
  const set = Object.fromEntries((config.env ?? []).map(({ name, value }) => [name, value]));
  const env = { ...options.env, ...set, KUBERNETES_EXEC_INFO: JSON.stringify(execInfo(config, context)) };
  const said = await execute(commandOf(config.command, folder), config.args ?? [], { ...options, env }).catch((why) => {
    throw new ClusterError('UNAUTHORIZED', `${plugin} ${why}${hint(why, config)}`);
  });
  return statusOf(plugin, config, said);
}

/** As client-go has it: a name is looked up in PATH, a relative path starts at the kubeconfig. */
function commandOf(command: string, folder: string): string {
  return isAbsolute(command) || !command.includes(sep) ? command : join(folder, command);
}

function execInfo({ apiVersion, provideClusterInfo }: ExecConfig, { cluster, ca }: PluginContext): object {
  const { extensions, 'certificate-authority': _path, ...known } = cluster;
  const config = extensions?.find(({ name }) => name === 'client.authentication.k8s.io/exec')?.extension;
  const authority = ca && { 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  const info = { ...known, ...authority, config };
  return {
    apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(provideClusterInfo && { cluster: info }) },
  };
}

/** Standard output; rejects with words (a string) that say what happened. */
function execute(
  command: string,
  args: readonly string[],
  { env, timeoutMs }: { env: NodeJS.ProcessEnv; timeoutMs: number },
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const settings = { env, timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 2 ** 20 } as const;
  const child = execFile(command, args, settings, (error, stdout, stderr) => {
    if (error === null) resolve(stdout);
    else if (error.code === 'ENOENT') reject('is not installed, or not in PATH');
    else if (error.killed) reject(`gave no answer within ${timeoutMs} ms: run it by hand to see what it waits for`);
    else reject(`failed (${error.code ?? error.signal}): ${stderr.trim().slice(-500) || 'it said nothing'}`);
  });
  child.stdin?.on('error', () => undefined).end();
  return promise;
}

function hint(why: unknown, { installHint }: ExecConfig): string {
  return String(why).startsWith('is not installed') && installHint !== ''
    ? `. ${installHint.trim().slice(0, 500)}`
    : '';
}

function statusOf(plugin: string, { apiVersion }: ExecConfig, said: string): ExecStatus {
  const parsed = ExecCredential.safeParse(jsonOf(said));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ClusterError(
      'UNAUTHORIZED',
      `${plugin} printed no ExecCredential: ${issue?.path.join('.')}: ${issue?.message}`,
    );
  }
  if (parsed.data.apiVersion !== apiVersion) {
    throw new ClusterError(
      'UNAUTHORIZED',
      `${plugin} speaks ${parsed.data.apiVersion}: write that into exec.apiVersion, not ${apiVersion}`,
    );
  }
  return parsed.data.status;
}

function jsonOf(said: string): unknown {
  try {
    return JSON.parse(said);
  } catch {
    return undefined;
  }
}

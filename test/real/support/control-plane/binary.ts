import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { run } from '../run.ts';
import { buildBinary } from './build-binary.ts';

const source = join(import.meta.dirname, 'binary');
const cache = resolve(import.meta.dirname, '../../../../.cache/control-plane');
const pins = ['go.mod', 'go.sum'];
const targets = {
  kube: { target: '.', inputs: [...pins, 'main.go', 'kwok.go'] },
  'hollow-kubelet': { target: 'hollow-kubelet', inputs: [...pins, 'hollow-kubelet/main.go'] },
};
const oldestGo = [1, 26] as const;

/**
 * `false` when the control plane can run here, else the reason to skip a suite with. Under `CI=true` a reason is an error.
 */
export async function missingControlPlane(): Promise<string | false> {
  const reason = await findReason();
  if (reason !== false && process.env['CI'] === 'true') throw new Error(`CI never skips: ${reason}`);
  return reason;
}

/**
 * The path of one binary that holds etcd, Kubernetes' control plane, kwok and kubectl. Built from Go modules (5 to 20
 * minutes, told on standard error) unless this very version of it stands in `.cache/control-plane`.
 */
export function ensureControlPlaneBinary(): Promise<string> {
  return ensureBinary('kube');
}

/** The path of kubemark's hollow node; from nothing as long as the control plane, a minute after it. */
export function ensureHollowKubelet(): Promise<string> {
  return ensureBinary('hollow-kubelet');
}

async function ensureBinary(name: keyof typeof targets): Promise<string> {
  const binary = await binaryPath(name);
  if (existsSync(binary)) return binary;
  await mkdir(cache, { recursive: true });
  // Built aside and moved: a build that dies leaves nothing that looks whole, and two at once don't meet.
  const workshop = await mkdtemp(join(cache, 'building-'));
  try {
    await buildBinary(source, targets[name].target, join(workshop, name), await kubernetesVersion());
    await mkdir(join(binary, '..'), { recursive: true });
    await rename(join(workshop, name), binary);
  } finally {
    await rm(workshop, { recursive: true });
  }
  return binary;
}

async function findReason(): Promise<string | false> {
  if (process.platform !== 'linux') return 'the control plane is tried on Linux only';
  if (existsSync(await binaryPath('kube'))) return false;
  const version = await run('go', ['env', 'GOVERSION'], { env: { GOTOOLCHAIN: 'local' } }).catch(() => '');
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
  const wanted = `needs Go ${oldestGo.join('.')} or later to build the control plane`;
  if (major === undefined) return `${wanted}, and there is no go`;
  const isNewEnough = Number(major) === oldestGo[0] && Number(minor) >= oldestGo[1];
  return isNewEnough ? false : `${wanted}, found ${version.trim()}`;
}

/** One folder per content of the inputs: a changed pin is another binary, and an old checkout still finds its own. */
async function binaryPath(name: keyof typeof targets): Promise<string> {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const input of targets[name].inputs) hash.update(await readFile(join(source, input)));
  return join(cache, hash.digest('hex').slice(0, 16), name);
}

async function kubernetesVersion(): Promise<string> {
  const [, version] = /^\tk8s\.io\/kubernetes v(\S+)$/m.exec(await readFile(join(source, 'go.mod'), 'utf8')) ?? [];
  if (version === undefined) throw new Error('go.mod of the control plane names no k8s.io/kubernetes');
  return version;
}

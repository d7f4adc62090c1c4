import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isDnsLabel } from '../../../shared/kmm/rules/kubernetes-names.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import type { Door, EventSource, Installation, Profile } from '../../kubernetes/installation.ts';
import { UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import type { Format } from '../output/print.ts';
import { toSecrets } from './to-secrets.ts';

export interface InstallOptions {
  profile: Profile;
  namespace: string;
  namespaces?: string[];
  clusterName: string;
  sink?: string;
  rotate?: boolean;
  image?: string;
  loaderImage?: string;
  kernelLabel: 'policy' | 'function';
  tlsSecret?: string;
  caBundle?: string;
  injectCaFrom?: string;
  ignoreTaint?: string[];
  user: string;
  output: Format;
}

/** Reads the options. Throws UsageError that says what is missing or does not go together. */
export async function toInstallation(options: InstallOptions, io: Io): Promise<Installation> {
  const { profile, namespace, clusterName, kernelLabel, loaderImage, user, ignoreTaint = [] } = options;
  const namespaces = options.namespaces && splitNames(options.namespaces);
  for (const name of [namespace, ...(namespaces ?? [])]) {
    if (!isDnsLabel(name)) throw new UsageError(`"${name}" is no name of a namespace.`);
  }
  const image = imageOf(options);
  return {
    namespace,
    clusterName,
    profile,
    events: await eventsOf(options, io),
    ...(namespaces && { namespaces }),
    ...(image !== undefined && { image }),
    ...(loaderImage !== undefined && { loaderImage }),
    ignoredTaints: [...new Set([...defaultIgnoredTaints, ...ignoreTaint])],
    kernelLabel,
    ...(profile === 'lambda' && { user }),
    secrets: toSecrets(io.env, options.rotate === true),
  };
}

function splitNames(texts: readonly string[]): string[] {
  const names = texts.flatMap((text) => text.split(',')).map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== '').sort();
}

function imageOf({ profile, image }: InstallOptions): string | undefined {
  if (profile === 'lambda') return undefined;
  if (image !== undefined) return image;
  throw new UsageError(
    '--image is needed: the server image, built with infra/kubernetes/Dockerfile and pushed by you.',
  );
}

/** Where there is an address to call, the API server calls; otherwise the server looks itself, or Knative does. */
async function eventsOf(options: InstallOptions, io: Io): Promise<EventSource> {
  const { profile, sink, tlsSecret, injectCaFrom } = options;
  const pem = options.caBundle === undefined ? undefined : await readPem(options.caBundle, io);
  const caBundle = pem === undefined ? {} : { caBundle: pem };
  if (tlsSecret !== undefined) return { kind: 'hooks', door: serviceDoor(options, caBundle) };
  if (injectCaFrom !== undefined) throw new UsageError('--inject-ca-from goes with --tls-secret.');
  if (sink !== undefined) return { kind: 'hooks', door: { kind: 'url', sink: toSink(sink), ...caBundle } };
  if (profile === 'lambda')
    throw new UsageError('--sink is needed: the https address at which cluster-hook is reached.');
  return { kind: profile === 'knative' ? 'broker' : 'watch' };
}

function serviceDoor(options: InstallOptions, caBundle: { caBundle?: string }): Door {
  const { profile, sink, tlsSecret = '', injectCaFrom } = options;
  if (profile !== 'deployment' || sink !== undefined) {
    throw new UsageError(
      '--tls-secret is for the server of the deployment profile without --sink: it serves https itself.',
    );
  }
  if (caBundle.caBundle === undefined && injectCaFrom === undefined) {
    throw new UsageError(
      '--tls-secret needs --ca-bundle or --inject-ca-from: the API server must trust the certificate.',
    );
  }
  return { kind: 'service', tls: { secretName: tlsSecret, ...caBundle, ...(injectCaFrom && { injectCaFrom }) } };
}

/** As the API server takes the address of a hook. */
function toSink(text: string): string {
  const url = URL.parse(text);
  const isPlain = url?.protocol === 'https:' && !url.username && !url.password && !url.search && !url.hash;
  if (isPlain) return text;
  throw new UsageError('--sink takes an https address without user, query or fragment, as https://kmm.example.');
}

async function readPem(file: string, { cwd }: Io): Promise<string> {
  const pem = await readFile(resolve(cwd, file), 'utf8').catch((cause: unknown) => {
    throw new UsageError(`--ca-bundle: ${file} can't be read.`, { cause });
  });
  if (pem.includes('-----BEGIN CERTIFICATE-----') && !pem.includes('PRIVATE KEY')) return pem;
  throw new UsageError(`--ca-bundle: ${file} must hold certificates in PEM, and no private key.`);
}

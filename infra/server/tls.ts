import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { InvalidInput } from '../../shared/kmm/errors.ts';
import type { Logger } from '../../shared/ports/logger.ts';

/** Paths of PEM files, as a mounted Secret of type kubernetes.io/tls has them. */
export interface TlsFiles {
  cert: string;
  key: string;
}

export interface TlsPair {
  cert: string;
  key: string;
}

/** A renewed Secret reaches a pod after a minute or so; certificates are renewed days before they end. */
const lookEveryMilliseconds = 60_000;

/** Reads both; throws when they are not there or don't belong together. */
export function readTlsPair({ cert, key }: TlsFiles): TlsPair {
  const pair = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  // A context is made of an empty file, too: half a renewal must not be taken for a pair.
  if (!new X509Certificate(pair.cert).checkPrivateKey(createPrivateKey(pair.key))) {
    throw new InvalidInput(`TLS: the key ${key} does not belong to the certificate ${cert}`, key);
  }
  return pair;
}

/**
 * Looks at the files again and again, and hands over what is new. A pair that can't be used (one file of two is there already)
 * is left for the next look. Returns how to stop it.
 */
export function followTlsFiles(
  files: TlsFiles,
  use: (pair: TlsPair) => void,
  logger: Logger,
  milliseconds = lookEveryMilliseconds,
): () => void {
  let known = readTlsPair(files);
  const timer = setInterval(() => {
    try {
      const pair = readTlsPair(files);
      if (pair.cert === known.cert && pair.key === known.key) return;
      use(pair);
      known = pair;
      logger.info('The certificate was renewed');
    } catch (error) {
      logger.warn('The certificate can not be read, the old one serves on', { error });
    }
  }, milliseconds);
  timer.unref();
  return () => clearInterval(timer);
}

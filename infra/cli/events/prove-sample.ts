import { UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { bearer, inHeader, inPath, type Mode, type Proven } from './samples/proof.ts';
import type { Sample } from './samples/sample.ts';
import { isSampleName, samples } from './samples/samples.ts';

/** A request that bears what its source bears. */
export interface ProvenSample extends Sample, Pick<Proven, 'pathSecret'> {}

/** Puts the secret of a variable where the source puts it, or where `secretIn` says. */
export function proveSample(
  sample: Sample,
  options: { source: string; secretEnv: string; secretIn?: string; mode: Mode },
  { env }: Pick<Io, 'env'>,
): ProvenSample {
  const secret = env[options.secretEnv]?.trim();
  if (!secret) {
    throw new UsageError(
      `The variable ${options.secretEnv} is empty: put the source's secret there, or name another one with --secret-env.`,
    );
  }
  const { headers, pathSecret } = proofOf(options)(sample, secret, options.mode);
  return { ...sample, headers: { ...sample.headers, ...headers }, ...(pathSecret && { pathSecret }) };
}

function proofOf({ source, secretIn }: { source: string; secretIn?: string }) {
  if (secretIn === 'path') return inPath;
  if (secretIn !== undefined) return inHeader(secretIn.toLowerCase());
  return isSampleName(source) ? samples[source].prove : bearer;
}

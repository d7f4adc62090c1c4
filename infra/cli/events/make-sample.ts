import { createHash } from 'node:crypto';
import { allTriggers } from '../../../shared/events/decoded.ts';
import { requirementsOf } from '../../../shared/events/sources/authentication.ts';
import { sources } from '../../../shared/events/sources/sources.ts';
import { defaultIgnoredTaints } from '../../../shared/kubernetes/ignored-taints.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import { formatReference } from '../../../shared/oci/format-reference.ts';
import { parseReference } from '../../../shared/oci/parse-reference.ts';
import { UsageError } from '../errors.ts';
import type { Happening, Sample } from './samples/sample.ts';
import { isSampleName, type SampleName, sampleNames, samples } from './samples/samples.ts';

export interface Wish {
  source: string;
  image?: string;
  delete?: boolean;
}

/** The event of a source about an image. Throws UsageError where the source has no such event. */
export function makeSample(wish: Wish, { at, id }: Pick<Happening, 'at' | 'id'>): Sample {
  const source = needSample(wish.source);
  const { registry, repository, tag, digest } = parseReference(wish.image ?? samples[source].image);
  const action = wish.delete ? 'delete' : 'push';
  const named = tag ?? (digest === undefined ? 'latest' : undefined);
  const happening: Happening = {
    action,
    registry,
    repository,
    tag: named,
    digest: digest ?? madeUpDigest(formatReference({ registry, repository, tag: named ?? '' })),
    at,
    id,
  };
  const sample = samples[source].make(happening);
  if (sample === undefined) {
    const what = action === 'delete' ? 'a delete' : 'an image without a tag';
    throw new UsageError(`${source} never tells of ${what}: the sweep finds it within the hour.`);
  }
  checkReading(source, sample, happening);
  return sample;
}

function needSample(name: string): SampleName {
  if (isSampleName(name)) return name;
  const hint = name === 'manual' ? ' (a manual call is sent by "kmm re-resolve --door")' : '';
  throw new UsageError(`There is no sample of "${name}"${hint}; there are ${sampleNames.join(', ')}.`);
}

/** Always the same for one image, so that an event can be sent again. */
function madeUpDigest(text: string): Digest {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** Some senders stand for one registry only, or know fewer names: the event would be about another image than was meant. */
function checkReading(source: SampleName, { headers, body }: Sample, { registry, repository }: Happening): void {
  const required = requirementsOf(source).registry === 'required';
  const options = { ignoredTaints: defaultIgnoredTaints, ...(required && { registry }) };
  const decoded = sources[source].decode({ headers, body: JSON.parse(body) }, options);
  const read = allTriggers(decoded).filter((trigger) => trigger.kind === 'image');
  if (read.some((trigger) => trigger.registry === registry && trigger.repository === repository)) return;
  const [first] = read;
  const why =
    first === undefined
      ? decoded.map((item) => (item.kind === 'poison' ? item.error.message : 'ignored')).join('; ')
      : `it would be about ${formatReference({ registry: first.registry, repository: first.repository })}`;
  throw new UsageError(
    `${registry}/${repository} can't be told by ${source}: ${why}; its images are like ${samples[source].image}.`,
  );
}

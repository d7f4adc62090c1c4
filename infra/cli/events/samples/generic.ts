import { formatReference } from '../../../../shared/oci/format-reference.ts';
import { jsonSample, type SampleMaker } from './sample.ts';

/** The form for whatever can sign JSON. */
export const genericSample: SampleMaker = ({ action, registry, repository, tag, digest }) =>
  jsonSample({
    action,
    images: [formatReference({ registry, repository, ...(tag === undefined ? { digest } : { tag }) })],
  });

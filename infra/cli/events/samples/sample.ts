import type { Digest } from '../../../../shared/oci/digest.ts';

/** What a sample says has happened. At least one of tag and digest is what the registry would name. */
export interface Happening {
  action: 'push' | 'delete';
  registry: string;
  repository: string;
  tag: string | undefined;
  digest: Digest;
  at: Date;
  /** The sender's own name for the event, new for each. */
  id: string;
}

/** A request as its sender makes it, without what proves the sender. Header names are in lower case. */
export interface Sample {
  headers: Record<string, string>;
  body: string;
}

/** The sample of one source; `undefined` where the source never tells of such a thing. */
export type SampleMaker = (happening: Happening) => Sample | undefined;

export function jsonSample(body: unknown, headers: Record<string, string> = {}): Sample {
  return { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

export const manifestType = 'application/vnd.oci.image.manifest.v1+json';
export const configType = 'application/vnd.oci.image.config.v1+json';

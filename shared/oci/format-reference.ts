import type { OciReference } from './reference.ts';

/** The full form, `registry/repository[:tag][@digest]`; parses back to an equal reference. */
export function formatReference({ registry, repository, tag, digest }: OciReference): string {
  return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

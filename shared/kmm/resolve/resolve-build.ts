import type { Build } from '../module.ts';
import type { ResolvedBuild } from '../module-loader-data.ts';
import { optional } from './optional.ts';
import { toTls } from './to-tls.ts';

/** A merged build with its gaps filled. Its arguments are no templates: the builder hands them on as they are. */
export function resolveBuild(build: Build): ResolvedBuild {
  return {
    dockerfileConfigMap: build.dockerfileConfigMap?.name ?? '',
    buildArgs: build.buildArgs ?? [],
    secrets: build.secrets?.map(({ name }) => name) ?? [],
    baseImageRegistryTLS: toTls(build.baseImageRegistryTLS),
    ...(build.kanikoParams && { kanikoParams: optional('tag', build.kanikoParams.tag) }),
    selector: build.selector ?? {},
  };
}

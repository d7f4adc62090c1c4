import type { Build, BuildArg } from '../module.ts';

/**
 * The build of one mapping. With both levels set the mapping's fields win, build arguments override by name or are appended
 * (sorted by name, as KMM does), secrets add up without repeats. Unlike KMM, which drops them, the mapping's selector,
 * kanikoParams and baseImageRegistryTLS count.
 */
export function mergeBuild(container: Build | undefined, mapping: Build | undefined): Build | undefined {
  if (container === undefined && mapping === undefined) return undefined;
  const buildArgs = mergeBuildArgs(container && (container.buildArgs ?? []), mapping?.buildArgs ?? []);
  const secrets = uniqueByName([...(container?.secrets ?? []), ...(mapping?.secrets ?? [])]);
  return {
    ...container,
    ...mapping,
    ...(buildArgs.length > 0 && { buildArgs }),
    ...(secrets.length > 0 && { secrets }),
  };
}

function mergeBuildArgs(args: BuildArg[] | undefined, overrides: BuildArg[]): BuildArg[] {
  if (args === undefined) return uniqueByName(overrides);
  const byName = new Map(overrides.map((arg) => [arg.name, arg]));
  const own = new Set(args.map((arg) => arg.name));
  const appended = [...byName.values()].filter((arg) => !own.has(arg.name));
  appended.sort((a, b) => (a.name < b.name ? -1 : 1));
  return uniqueByName([...args.map((arg) => byName.get(arg.name) ?? arg), ...appended]);
}

function uniqueByName<Named extends { name: string }>(items: Named[]): Named[] {
  const seen = new Set<string>();
  return items.filter((item) => !seen.has(item.name) && seen.add(item.name));
}

/** The grammars of the distribution specification: nothing that passes them can leave its place in a folder tree. */
const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const repository = new RegExp(`^${component}(?:/${component})*$`);
const tag = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests, `<name>`; at most 255 characters. */
export function isRepositoryName(text: string): boolean {
  return text.length <= 255 && repository.test(text);
}

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests, `<reference>` as a tag. */
export function isTag(text: string): boolean {
  return tag.test(text);
}

import { InvalidInput } from '../kmm/errors.ts';
import { isDigest } from './digest.ts';
import type { OciReference } from './reference.ts';

/** What the author wrote, as opposed to what normalising added: lint warns about short names and missing tags. */
export interface ReferenceParts {
  reference: OciReference;
  explicit: { registry: boolean; tag: boolean; digest: boolean };
}

const longestText = 1024;
const longestRepository = 255;
const host =
  /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[a-f0-9:]+\])(?::[0-9]{1,5})?$/;
const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tagGrammar = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/**
 * Parses an image reference in Docker's grammar, short names included, and normalises it. Throws InvalidInput that says
 * which part is wrong. https://github.com/distribution/reference/blob/main/reference.go
 */
export function parseReference(text: string): OciReference {
  return parseReferenceParts(text).reference;
}

/** As parseReference, and tells which parts stood in the text. */
export function parseReferenceParts(text: string): ReferenceParts {
  refuseAtSight(text);
  const [beforeDigest, digest] = cut(text, text.indexOf('@'));
  const colon = beforeDigest.indexOf(':', beforeDigest.lastIndexOf('/') + 1);
  const [name, tag] = cut(beforeDigest, colon);
  const [domain, path] = splitDomain(name);
  const registry = domain === undefined ? 'docker.io' : parseHost(domain, text);
  const repository = parseRepository(registry, path, text);
  return {
    reference: {
      registry,
      repository,
      ...(tag === undefined ? {} : { tag: parseTag(tag, text) }),
      ...(digest === undefined ? {} : { digest: parseDigest(digest, text) }),
    },
    explicit: { registry: domain !== undefined, tag: tag !== undefined, digest: digest !== undefined },
  };
}

function refuseAtSight(text: string): void {
  if (text === '') throw new InvalidInput('image reference: it is empty: write registry/repository:tag');
  if (text.length > longestText) throw new InvalidInput(`image reference: longer than ${longestText} characters`);
  if (/\s/.test(text)) refuse(text, 'it holds white space');
  if (/^[a-z]+:\/\//i.test(text)) refuse(text, 'it starts with a URL scheme: leave that out');
  if (text.includes('$')) refuse(text, 'it holds a "$": a template variable was not replaced');
}

/** What stands before the separator at `position`, and what after it; no separator: all before. */
function cut(text: string, position: number): [string, string | undefined] {
  return position < 0 ? [text, undefined] : [text.slice(0, position), text.slice(position + 1)];
}

/** The first component is a host when it can't be a path: it has a dot, a port or a capital, or is `localhost`. */
function splitDomain(name: string): [string | undefined, string] {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  return isHost(first) || first !== first.toLowerCase() ? [first, name.slice(slash + 1)] : [undefined, name];
}

function isHost(first: string): boolean {
  return /[.:[]/.test(first) || first === 'localhost';
}

function parseHost(domain: string, text: string): string {
  const registry = domain.toLowerCase();
  // Docker takes `Team/app` for a host named Team; in lower case it would turn into a repository of Docker Hub.
  if (!isHost(registry)) refuse(text, `"${domain}" must be lower case (a repository) or have a dot or port (a host)`);
  if (!host.test(registry)) refuse(text, `"${domain}" is no registry host`);
  return registry === 'index.docker.io' ? 'docker.io' : registry;
}

function parseRepository(registry: string, path: string, text: string): string {
  if (path === '') refuse(text, 'the repository is missing');
  if (path !== path.toLowerCase()) refuse(text, `the repository "${path}" must be lower case`);
  const wrong = path.split('/').find((part) => !component.test(part));
  if (wrong !== undefined) refuse(text, `"${wrong}" can't be a part of a repository`);
  if (/^[0-9a-f]{64}$/.test(path)) refuse(text, 'the repository looks like an image id');
  if (path.length > longestRepository) refuse(text, `the repository is longer than ${longestRepository} characters`);
  return registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
}

function parseTag(tag: string, text: string): string {
  if (tag === '') refuse(text, 'the tag after ":" is empty');
  if (!tagGrammar.test(tag)) refuse(text, `"${tag}" is no tag (1-128 of letters, digits, "_", "." and "-")`);
  return tag;
}

function parseDigest(digest: string, text: string): NonNullable<OciReference['digest']> {
  if (!isDigest(digest)) refuse(text, `"${digest}" is no digest (sha256: and 64 hex digits)`);
  return digest;
}

function refuse(text: string, reason: string): never {
  throw new InvalidInput(`image reference "${text}": ${reason}`);
}

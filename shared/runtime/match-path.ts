/** The named parts of `path` where it has the form of `pattern` (`/events/:source/:name`), decoded; `undefined`: it has not. */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const parts: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const text = decoded(given[index] ?? '');
    const isNamed = segment.startsWith(':') && text !== '';
    if (text === undefined || (!isNamed && segment !== text)) return undefined;
    if (isNamed) parts[segment.slice(1)] = text;
  }
  return parts;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined; // a broken escape is no path of ours
  }
}

/** The target of `rel="next"` of a Link header, by which tag lists and referrers are paged. RFC 8288 */
export function parseNextLink(header: string | undefined): string | undefined {
  const links = (header ?? '').slice(0, 8192).matchAll(/<([^<>]*)>((?:\s*;\s*[\w-]+\s*=\s*(?:"[^"]*"|[^\s";,]*))*)/g);
  for (const [, target, params = ''] of links) {
    if (/;\s*rel\s*=\s*"?next"?\s*(?:;|$)/i.test(params)) return target;
  }
  return undefined;
}

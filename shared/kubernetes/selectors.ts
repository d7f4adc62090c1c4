/** Whether labels bear every pair of an equality selector. An empty selector matches everything. */
export function matchesLabels(selector: Record<string, string>, labels: Record<string, string>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** The first pair of the selector that the labels lack, for "why not" answers. */
export function missingLabel(selector: Record<string, string>, labels: Record<string, string>): string | undefined {
  const missing = Object.entries(selector).find(([key, value]) => labels[key] !== value);
  return missing === undefined ? undefined : `${missing[0]}=${missing[1]}`;
}

const deepest = 100;

/**
 * A copy without the keys whose value is null: in a Module null and missing mean the same, and `[]` is a list that was set
 * on purpose. Nulls in lists stay (and are refused later). Undefined when it is nested too deeply to be a Module.
 */
export function dropNulls(value: unknown): { value: unknown } | undefined {
  return isTooDeep(value, 0) ? undefined : { value: copy(value) };
}

function isTooDeep(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth >= deepest || Object.values(value).some((child) => isTooDeep(child, depth + 1));
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, child]) => child !== null && child !== undefined);
  return Object.fromEntries(kept.map(([key, child]) => [key, copy(child)]));
}

const kept = new Set<string>();

/** Registers a secret's value with the logger. Returns it. */
export function keepSecret(value: string): string {
  kept.add(value);
  return value;
}

export function keptSecrets(): Iterable<string> {
  return kept;
}

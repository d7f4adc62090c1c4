/** Whose Module this is, as far as it can be read; a file without a namespace means `default`. */
export function moduleName(raw: unknown): { namespace: string; name: string } {
  const metadata = field(raw, 'metadata');
  return { namespace: text(field(metadata, 'namespace')) || 'default', name: text(field(metadata, 'name')) };
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

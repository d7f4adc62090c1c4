import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** An empty file where a kubeconfig is looked for; it goes after the suite. Tests bring their cluster as a port. */
export function emptyKubeconfig(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kmm-cli-'));
  after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, '');
  return file;
}

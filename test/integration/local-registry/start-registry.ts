import type { TestContext } from 'node:test';
import {
  createLocalRegistry,
  type LocalRegistry,
  type LocalRegistryOptions,
} from '../../../infra/local/registry/local-registry.ts';

/** A registry that goes with the test. */
export async function startRegistry(t: TestContext, options: LocalRegistryOptions = {}): Promise<LocalRegistry> {
  const registry = await createLocalRegistry(options);
  t.after(() => registry.close());
  return registry;
}

/** The OCI error code of an answer, and its status: `404 MANIFEST_UNKNOWN`. */
export async function refusal(answer: Response): Promise<string> {
  const body: unknown = await answer.json();
  return `${answer.status} ${/"code":"(\w+)"/.exec(JSON.stringify(body))?.[1]}`;
}

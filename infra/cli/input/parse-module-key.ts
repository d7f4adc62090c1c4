import { UsageError } from '../errors.ts';

/** `namespace/name`, as kubectl and our own messages write it. */
export function parseModuleKey(text: string): { namespace: string; name: string } {
  const [namespace, name, ...more] = text.split('/');
  if (namespace && name && more.length === 0) return { namespace, name };
  throw new UsageError(
    `"${text}" names no Module: write its namespace and name, as drivers/nic ("kubectl get modules -A" lists them).`,
  );
}

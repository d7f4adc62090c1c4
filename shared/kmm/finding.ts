export type Severity = 'error' | 'warning';

/** One line of `kmm lint`: `rule` is a stable id, `path` where in the Module, `message` also says how to fix it. */
export interface Finding {
  module: string;
  namespace: string;
  path: string;
  rule: string;
  severity: Severity;
  message: string;
}

/** What a rule finds, before it is known whose Module it is. */
export type Problem = Omit<Finding, 'module' | 'namespace'>;

/** `spec.moduleLoader.container.kernelMappings[0].regexp`; keys that are no words stand in quotes. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    if (!/^[A-Za-z_]\w*$/.test(String(part))) return `${text}[${JSON.stringify(String(part))}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

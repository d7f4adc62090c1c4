import type { Module } from './module.ts';

/** Why an update must be refused: a Module can't go from or to an empty version. Undefined when it may. */
export function whyNoVersionChange(before: Module, after: Module): string | undefined {
  const [from, to] = [before, after].map(
    ({ spec }) => spec.moduleLoader && (spec.moduleLoader.container?.version ?? ''),
  );
  if (from === undefined || to === undefined || (from === '') === (to === '')) return undefined;
  const change = from === '' ? `from none to "${to}"` : `from "${from}" to none`;
  return `version can't change ${change}: delete the Module and create it again`;
}

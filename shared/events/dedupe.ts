import type { Trigger } from './trigger.ts';

/**
 * One trigger for each thing that changed, first come first served: a kubelet that retries a write is reviewed many times,
 * each with a uid of its own. The order stays, though nothing may depend on it.
 */
export function dedupe(triggers: readonly Trigger[]): Trigger[] {
  const unique = new Map<string, Trigger>();
  for (const trigger of triggers) {
    const key = triggerKey(trigger);
    if (!unique.has(key)) unique.set(key, trigger);
  }
  return [...unique.values()];
}

/** What a trigger is about; two with one key lead to the same reads and the same writes. */
export function triggerKey(trigger: Trigger): string {
  return JSON.stringify([trigger.kind, ...parts(trigger)]);
}

function parts(trigger: Trigger): unknown[] {
  switch (trigger.kind) {
    case 'node':
      // "joined" and "changed" are read again alike; a node that left and came back is two things.
      return [trigger.name, trigger.change === 'left', trigger.hint?.kernelVersion, trigger.hint?.bootID];
    case 'rollout':
      return [trigger.namespace, trigger.module, trigger.node, trigger.unloadFailed?.pod];
    case 'job':
      return [trigger.namespace, trigger.name];
    case 'module':
      return [trigger.namespace, trigger.name, trigger.deleted, trigger.generation];
    case 'dockerfile':
      return [trigger.namespace, trigger.configMap];
    case 'image':
      return [trigger.action, trigger.registry, trigger.repository, trigger.tag, trigger.digest];
    case 'finished':
      return target(trigger.target);
    case 'resolve':
      return [
        ...target(trigger.scope),
        trigger.scope.node,
        trigger.cause,
        trigger.force,
        trigger.rollout,
        trigger.attempt,
      ];
  }
}

function target(scope: {
  namespace?: string;
  module?: string;
  kernelVersion?: string;
  architecture?: string;
}): unknown[] {
  return [scope.namespace, scope.module, scope.kernelVersion, scope.architecture];
}

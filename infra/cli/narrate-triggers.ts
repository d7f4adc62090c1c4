import type { Trigger } from '../../shared/events/trigger.ts';
import { entryKey } from '../../shared/kmm/labels.ts';
import { shortDigests } from './narrate-format.ts';

const mostNames = 4;

/** What woke a function, in words: triggers of one kind together. */
export function wordsOfTriggers(triggers: readonly Trigger[]): string {
  const byKind = Map.groupBy(triggers, groupOf);
  return [...byKind].map(([what, group]) => `${what} ${names(group)}`.trim()).join('; ');
}

function groupOf(trigger: Trigger): string {
  switch (trigger.kind) {
    case 'node':
      return `node ${trigger.change}:`;
    case 'module':
      return trigger.deleted ? 'Module deleted:' : 'Module applied or changed:';
    case 'image':
      return `registry-hook was told of a ${trigger.action === 'push' ? 'push' : 'deletion'}:`;
    case 'dockerfile':
      return 'Dockerfile changed:';
    case 'rollout':
      return trigger.node === undefined
        ? `rollout of ${trigger.module} moved on`
        : `pods of ${trigger.module} changed on`;
    case 'job':
      return 'Job ended:';
    case 'finished':
      return 'inspection or signing ended:';
    case 'resolve':
      return { sweep: 'sweep', retry: 'delayed look at', manual: 'asked by hand:' }[trigger.cause];
  }
}

function names(triggers: readonly Trigger[]): string {
  // The parts of an index come by digest, beside the tag that people know.
  const hasTags = triggers.some((trigger) => trigger.kind === 'image' && trigger.tag !== undefined);
  const shown = triggers.filter((trigger) => !(hasTags && trigger.kind === 'image' && trigger.tag === undefined));
  const all = [...new Set(shown.map(nameOf))].filter((name) => name !== '');
  const more = all.length > mostNames ? ` and ${all.length - mostNames} more` : '';
  return all.slice(0, mostNames).join(', ') + more;
}

function nameOf(trigger: Trigger): string {
  switch (trigger.kind) {
    case 'node':
      return trigger.hint === undefined ? trigger.name : `${trigger.name} (${trigger.hint.kernelVersion})`;
    case 'module':
      return `${trigger.namespace}/${trigger.name}`;
    case 'image': {
      const { repository, tag, digest } = trigger;
      return `${repository}${tag === undefined ? `@${shortDigests(digest ?? '')}` : `:${tag}`}`;
    }
    case 'dockerfile':
      return `${trigger.namespace}/${trigger.configMap}`;
    case 'rollout':
      return trigger.node ?? '';
    case 'job':
      return `${trigger.namespace}/${trigger.name}`;
    case 'finished':
      return `${trigger.target.module} ${entryKey(trigger.target)}`;
    case 'resolve': {
      const { namespace, module, kernelVersion, architecture, node } = trigger.scope;
      const target = [kernelVersion, architecture].filter((part) => part !== undefined).join('/');
      return [namespace && module && `${namespace}/${module}`, target, node].filter(Boolean).join(' ');
    }
  }
}

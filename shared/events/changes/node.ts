import { betaPrefix, prefix } from '../../kmm/labels.ts';
import { isIgnoredTaint } from '../../kubernetes/ignored-taints.ts';
import type { Node, Taint } from '../../kubernetes/objects.ts';
import type { NodeTrigger } from '../trigger.ts';
import type { Change, ChangeOptions } from './change.ts';

/** A node joined, left, or changed something that can change its modules; nothing for heartbeats and our own echo. */
export function nodeTriggers(change: Change<Node>, options: ChangeOptions): NodeTrigger[] {
  const { before, after } = change;
  if (after !== undefined && before !== undefined) {
    return nodeDiffers(before, after, options.ignoredTaints) ? [trigger(after, 'changed')] : [];
  }
  if (after !== undefined) return [trigger(after, 'joined')];
  return before === undefined ? [] : [trigger(before, 'left')];
}

/** The same rule as the admission hook's condition, so that a hook without conditions costs no run. */
export function nodeDiffers(before: Node, after: Node, ignoredTaints: readonly string[]): boolean {
  const [old, now] = [before.status?.nodeInfo, after.status?.nodeInfo];
  return (
    old?.kernelVersion !== now?.kernelVersion ||
    old?.bootID !== now?.bootID ||
    labelsDiffer(before.metadata.labels, after.metadata.labels) ||
    taintsDiffer(before.spec?.taints ?? [], after.spec?.taints ?? [], ignoredTaints)
  );
}

/** What we write ourselves. `version-module.*` is not among it: it is the admin's wish. */
const echo = /^kmm[.]node[.]kubernetes[.]io\/(?:.+[.](?:device-plugin-)?ready|kernel-version[.]full)$/;

function isEcho(label: string): boolean {
  return label.startsWith(betaPrefix) || (label.startsWith(prefix) && echo.test(label));
}

function labelsDiffer(before: Record<string, string>, after: Record<string, string>): boolean {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].some((key) => before[key] !== after[key] && !isEcho(key));
}

function taintsDiffer(before: readonly Taint[], after: readonly Taint[], ignored: readonly string[]): boolean {
  const own = (taints: readonly Taint[]) =>
    new Set(taints.filter(({ key }) => !isIgnoredTaint(key, ignored)).map(identity));
  const [old, now] = [own(before), own(after)];
  return old.size !== now.size || [...now].some((taint) => !old.has(taint));
}

/** Key, effect and value; never `timeAdded` or the order. */
function identity({ key, value, effect }: Taint): string {
  return JSON.stringify([key, effect, value ?? '']);
}

function trigger(node: Node, change: NodeTrigger['change']): NodeTrigger {
  const info = node.status?.nodeInfo;
  return { kind: 'node', name: node.metadata.name, change, ...(info !== undefined && { hint: info }) };
}

import type { Style, Tone } from '../output/style.ts';
import type { ModuleStory, NodeStory, TargetStory } from './story.ts';

/** The story of a Module for people: a block for each kernel that ends with what to do. */
export function moduleText(
  { namespace, module, conditions, devicePlugin, targets }: ModuleStory,
  paint: Style,
  now: Date,
): string {
  const plugin = devicePlugin && `${devicePlugin.availableNumber} of ${devicePlugin.desiredNumber} nodes run it`;
  const head = block([
    ...conditions.map(({ type, status, message }): Field => [type, `${status}: ${message}`]),
    ['Device plugin', plugin],
  ]);
  const none = '\nNo node is selected yet: compare spec.selector with "kubectl get nodes --show-labels".\n';
  const blocks = targets.map((target) => `\n${targetText(target, paint, now)}`);
  return `${paint('bold', `Module ${namespace}/${module}`)}\n${head}${blocks.length === 0 ? none : blocks.join('')}`;
}

export function nodeText(story: NodeStory, paint: Style, now: Date): string {
  const { namespace, module, node, loaded, why, pod, target, next } = story;
  const kernel = `${story.kernelVersion}/${story.architecture}`;
  const verdict = loaded ? paint('green', 'loaded') : paint('red', 'not loaded');
  const head = `${paint('bold', `Module ${namespace}/${module} on node ${node}`)}: ${verdict}\n`;
  const podText = pod && `${pod.name}, ${pod.ready ? 'ready' : 'not ready'}, ${pod.restarts} restarts`;
  const fields: Field[] = [
    ['Why', why],
    ['Kernel', kernel],
    ['Pod', podText],
    ...(target === undefined ? [] : targetFields(target, paint, now)),
    ['Next', next],
  ];
  return head + block(fields);
}

function targetText(target: TargetStory, paint: Style, now: Date): string {
  const { kernelVersion, architecture, nodes } = target;
  const head = paint('bold', `Kernel ${kernelVersion}/${architecture}`);
  return `${head} on ${nodes} node${nodes === 1 ? '' : 's'}\n${block([...targetFields(target, paint, now), ['Next', target.next]])}`;
}

type Field = [name: string, value: string | undefined];

function targetFields(target: TargetStory, paint: Style, now: Date): Field[] {
  const {
    mapping,
    image,
    digest,
    state,
    reason,
    message,
    daemonSet,
    rollout,
    nextTry,
    lastError,
    namespace,
    outdated,
  } = target;
  const stateText =
    state === undefined ? 'not looked at yet' : `${paint(toneOf(state), state)} (${reason ?? ''}): ${message ?? ''}`;
  return [
    ['Mapping', mapping],
    ['Image', image && (digest === undefined ? image : `${image} (${digest})`)],
    ['State', stateText],
    ['DaemonSet', daemonSet],
    ['Rollout', rollout && `${rollout.available} of ${rollout.desired} available, ${rollout.updated} updated`],
    ['Last error', lastError === message ? undefined : lastError],
    ['Namespace', namespace],
    ['Next try', nextTry && whenWords(nextTry, now)],
    ['Outdated', outdated ? 'the Module has changed since this was written' : undefined],
  ];
}

function toneOf(state: NonNullable<TargetStory['state']>): Tone {
  if (state === 'Ready') return 'green';
  return ['Building', 'Signing', 'Inspecting', 'RollingOut', 'NoMapping'].includes(state) ? 'yellow' : 'red';
}

/** `in 4 min (2026-01-01T00:00:00Z)`. */
function whenWords(time: string, now: Date): string {
  const seconds = Math.round((Date.parse(time) - now.getTime()) / 1000);
  if (Number.isNaN(seconds)) return time;
  const span = Math.abs(seconds) < 90 ? `${Math.abs(seconds)} s` : `${Math.round(Math.abs(seconds) / 60)} min`;
  return `${seconds >= 0 ? `in ${span}` : `${span} ago, overdue`} (${time})`;
}

function block(fields: readonly Field[]): string {
  const shown = fields.filter(([, value]) => value !== undefined);
  return shown.map(([name, value]) => `  ${name.padEnd(13)}  ${value}\n`).join('');
}

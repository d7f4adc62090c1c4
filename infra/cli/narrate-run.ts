import { annotations, entryKey, labels } from '../../shared/kmm/labels.ts';
import type { Manifest } from '../../shared/kubernetes/objects.ts';
import type { DaemonSetWrite } from '../local/observe-cluster.ts';
import type { FunctionRun, LabelledNode, LookUp, TargetStep } from '../local/observe-run.ts';
import type { Line } from './narrate-event.ts';

/** What one run asked, decided and wrote: target by target, then what belongs to none, then the nodes' labels. */
export function linesOfRun(run: FunctionRun): Line[] {
  const lookUps = new Set(run.lookUps);
  const writes = new Set(run.writes);
  const ofTargets = run.targets.flatMap((step) => {
    const asked = take(lookUps, (lookUp) => lookUp.reference === step.image && isFor(step, lookUp.architecture));
    const written = take(writes, (write) => write.kind === 'applied' && isOf(step, write.manifest));
    return targetLines(step, asked, written);
  });
  return [
    ...ofTargets,
    ...[...lookUps].map(registryLine),
    ...[...writes].map(daemonSetLine),
    ...labelLines(run.labelled),
    ...run.failures.map((text): Line => ({ kind: 'error', text: `${run.function} failed and comes again: ${text}` })),
  ];
}

function targetLines(step: TargetStep, asked: LookUp[], written: DaemonSetWrite[]): Line[] {
  const { state, reason, message = '' } = step;
  const because = reason === undefined || reason === state ? '' : ` (${reason})`;
  const stateLine: Line = {
    kind: 'state',
    text: `${entryKey(step.target)} is ${state}${because}: ${short(message)}`,
    data: step,
  };
  // A mapping is told when it was what led to the registry; later steps of a rollout only repeat it.
  const mapping = asked.length > 0 ? mappingLine(step) : [];
  return [...mapping, ...asked.map(registryLine), ...written.map(daemonSetLine), stateLine];
}

function mappingLine({ target, mapping, image }: TargetStep): Line[] {
  if (mapping === undefined) return [];
  const { index, literal, regexp } = mapping;
  const how = literal === undefined ? `regexp ${regexp} matches` : 'literal equals';
  return [
    { kind: 'mapping', text: `kernelMappings[${index}] ${how} ${target.kernelVersion} → ${image}`, data: mapping },
  ];
}

function registryLine(lookUp: LookUp): Line {
  const { reference, architecture, answer } = lookUp;
  return { kind: 'registry', text: `${reference} for ${architecture}: ${wordsOfAnswer(answer)}`, data: lookUp };
}

function wordsOfAnswer(answer: LookUp['answer']): string {
  switch (answer.kind) {
    case 'found':
      return `found, ${short(answer.digest)}${answer.tagDigest === answer.digest ? '' : ` of index ${short(answer.tagDigest)}`}`;
    case 'missing':
      return answer.platforms.length === 0 ? 'not there' : `there for ${answer.platforms.join(', ')} only`;
    case 'unreachable':
      return `no answer (${answer.code}): ${answer.message}`;
  }
}

function daemonSetLine(write: DaemonSetWrite): Line {
  return { kind: 'daemonset', text: `${write.name} ${wordsOfWrite(write)}`, data: withoutManifest(write) };
}

function wordsOfWrite(write: DaemonSetWrite): string {
  switch (write.kind) {
    case 'applied': {
      const kernel = write.manifest.metadata.annotations?.[annotations.kernelVersion];
      const where = kernel === undefined ? 'for the device plugin' : `for the nodes with ${kernel}`;
      return `${write.isNew ? 'created' : 'changed'} ${where}`;
    }
    case 'widened':
      return `may replace ${write.maxUnavailable} of its pods at a time`;
    case 'deleted':
      return 'deleted';
  }
}

/** Nodes that got the same labels stand in one line. */
function labelLines(labelled: readonly LabelledNode[]): Line[] {
  const byLabels = Map.groupBy(
    labelled.filter((node) => Object.keys(node.labels).length > 0),
    (node) => JSON.stringify(node.labels),
  );
  return [...byLabels.values()].map((nodes) => {
    const changes = Object.entries(nodes[0]?.labels ?? {});
    const words = changes.map(([label, value]) => `${value === null ? 'loses' : 'gets'} ${label}`);
    return { kind: 'labels', text: `${nodes.map(({ node }) => node).join(', ')} ${words.join(', ')}`, data: nodes };
  });
}

function withoutManifest(write: DaemonSetWrite): object {
  if (write.kind !== 'applied') return write;
  const { manifest, ...rest } = write;
  return { ...rest, namespace: manifest.metadata.namespace, annotations: manifest.metadata.annotations };
}

function isFor({ target }: TargetStep, architecture: string): boolean {
  return target.architecture === architecture;
}

function isOf({ target }: TargetStep, { metadata }: Manifest): boolean {
  const { annotations: noted = {} } = metadata;
  return (
    metadata.namespace === target.namespace &&
    metadata.labels?.[labels.moduleName] === target.module &&
    noted[annotations.kernelVersion] === target.kernelVersion &&
    noted[annotations.architecture] === target.architecture
  );
}

function take<T>(from: Set<T>, belongs: (item: T) => boolean): T[] {
  const taken = [...from].filter(belongs);
  for (const item of taken) from.delete(item);
  return taken;
}

/** Digests are cut to what tells them apart. */
function short(text: string): string {
  return text.replaceAll(/sha256:([0-9a-f]{12})[0-9a-f]{52}/g, 'sha256:$1…');
}

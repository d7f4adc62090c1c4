import { annotations, entryKey } from '../../shared/kmm/labels.ts';
import { parseReference } from '../../shared/oci/parse-reference.ts';
import type { Decision, LabelledNode, LookUp } from '../local/function-run.ts';
import type { DaemonSetWrite } from '../local/observe-cluster.ts';
import type { StackEvent } from '../local/stack-event.ts';
import type { Line } from './narrate-event.ts';
import { shortDigests } from './narrate-format.ts';

/** Why a target is where it is: mapping, registry, DaemonSet, state. */
export function decisionLines({ decision, lookUps, writes }: Extract<StackEvent, { kind: 'decided' }>): Line[] {
  const { state, reason, message = '', target } = decision;
  const because = reason === undefined || reason === state ? '' : ` (${reason})`;
  const text = `${entryKey(target)} is ${state}${because}: ${shortDigests(message)}`;
  // A mapping is told when it was what led to the registry; later steps of a rollout only repeat it.
  const mapping = lookUps.length > 0 ? mappingLine(decision) : [];
  return [
    ...mapping,
    ...lookUps.map(registryLine),
    ...writes.map(daemonSetLine),
    { kind: 'state', text, data: decision },
  ];
}

/** What a run did beside its decisions, at its end. */
export function restLines(rest: Extract<StackEvent, { kind: 'run-ended' }>): Line[] {
  const { run, lookUps, writes, labelled, failures } = rest;
  return [
    ...lookUps.map(registryLine),
    ...writes.map(daemonSetLine),
    ...labelLines(labelled),
    ...failures.map((text): Line => ({ kind: 'error', text: `${run.function} failed and comes again: ${text}` })),
  ];
}

function mappingLine({ target, mapping, image }: Decision): Line[] {
  if (mapping === undefined) return [];
  const { index, literal, regexp } = mapping;
  const how = literal === undefined ? `regexp ${regexp} matches` : 'literal equals';
  return [
    { kind: 'mapping', text: `kernelMappings[${index}] ${how} ${target.kernelVersion} → ${image}`, data: mapping },
  ];
}

function registryLine(lookUp: LookUp): Line {
  const { reference, architecture, answer } = lookUp;
  const { repository, tag } = parseReference(reference);
  const name = tag === undefined ? repository : `${repository}:${tag}`;
  return { kind: 'registry', text: `${name} for ${architecture}: ${wordsOfAnswer(answer)}`, data: lookUp };
}

function wordsOfAnswer(answer: LookUp['answer']): string {
  switch (answer.kind) {
    case 'found':
      return `found, ${shortDigests(answer.digest)}${answer.tagDigest === answer.digest ? '' : ` of index ${shortDigests(answer.tagDigest)}`}`;
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
    const words = changes.map(([label, value]) => `${value === null ? '-' : '+'} ${label}`);
    return { kind: 'labels', text: `${nodes.map(({ node }) => node).join(', ')}: ${words.join(', ')}`, data: nodes };
  });
}

function withoutManifest(write: DaemonSetWrite): object {
  if (write.kind !== 'applied') return write;
  const { manifest, ...rest } = write;
  return { ...rest, namespace: manifest.metadata.namespace, annotations: manifest.metadata.annotations };
}

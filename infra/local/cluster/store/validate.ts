import { isDeepStrictEqual } from 'node:util';
import type { Kind } from '../../../../shared/kubernetes/resources.ts';
import { objectError } from './api-error.ts';
import { isRecord, keyOf, type StoredObject } from './object.ts';
import { unreadable } from './readable.ts';

const dnsName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const labelName = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/**
 * Refuses with 422 what a real API server would refuse and what a bug of ours could send: names, labels, selectors of
 * DaemonSets, and what nobody here could read. The rest of the schemas is not checked.
 */
export function validate(kind: Kind, object: StoredObject, previous: StoredObject | undefined): void {
  const problem =
    nameProblem(kind, object.metadata.name) ??
    labelsProblem('metadata.labels', object.metadata.labels ?? {}) ??
    annotationsProblem(object.metadata.annotations ?? {}) ??
    (kind === 'Module' && !isRecord(object['spec']) ? 'spec: Required value' : undefined) ??
    unreadable(kind, object) ??
    (kind === 'DaemonSet' ? daemonSetProblem(object, previous) : undefined);
  if (problem !== undefined) throw objectError('Invalid', kind, keyOf(object), `is invalid: ${problem}`);
}

function nameProblem(kind: Kind, name: string): string | undefined {
  const limit = kind === 'Namespace' ? 63 : 253;
  return dnsName.test(name) && name.length <= limit
    ? undefined
    : `metadata.name: Invalid value: ${JSON.stringify(name)}`;
}

function labelsProblem(path: string, labels: Record<string, string>): string | undefined {
  const wrong = Object.entries(labels).find(([key, value]) => !isQualifiedName(key) || !labelValue.test(value));
  return wrong && `${path}: Invalid value: ${JSON.stringify(`${wrong[0]}=${wrong[1]}`)}`;
}

function annotationsProblem(annotations: Record<string, string>): string | undefined {
  const wrong = Object.keys(annotations).find((key) => !isQualifiedName(key.toLowerCase()));
  return wrong && `metadata.annotations: Invalid value: ${JSON.stringify(wrong)}`;
}

function isQualifiedName(key: string): boolean {
  const slash = key.indexOf('/');
  const domain = key.slice(0, Math.max(slash, 0));
  return (slash === -1 || (dnsName.test(domain) && domain.length <= 253)) && labelName.test(key.slice(slash + 1));
}

function daemonSetProblem(object: StoredObject, previous: StoredObject | undefined): string | undefined {
  const selector = matchLabels(object);
  if (Object.keys(selector).length === 0) return 'spec.selector: Required value';
  const labels = templateLabels(object);
  if (!Object.entries(selector).every(([key, value]) => labels[key] === value)) {
    return 'spec.template.metadata.labels: Invalid value: `selector` does not match template `labels`';
  }
  if (previous && !isDeepStrictEqual(selector, matchLabels(previous))) return 'spec.selector: field is immutable';
  return labelsProblem('spec.template.labels', labels);
}

function matchLabels(object: StoredObject): Record<string, string> {
  return stringsAt(object, ['spec', 'selector', 'matchLabels']);
}

function templateLabels(object: StoredObject): Record<string, string> {
  return stringsAt(object, ['spec', 'template', 'metadata', 'labels']);
}

function stringsAt(object: StoredObject, path: string[]): Record<string, string> {
  const found = path.reduce<unknown>((value, field) => (isRecord(value) ? value[field] : undefined), object);
  const pairs = isRecord(found) ? Object.entries(found) : [];
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

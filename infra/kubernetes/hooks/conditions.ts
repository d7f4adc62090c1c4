import { betaPrefix, labels, prefix, roles } from '../../../shared/kmm/labels.ts';
import { celString } from '../crd/cel-rule.ts';

// When a write is worth a call. The same rules as shared/events/changes, in CEL that came with Kubernetes 1.28: what comes
// through in vain is dropped there, what is kept back here is lost until the sweep.
// `[[object, oldObject], [oldObject, object]]` compares both ways: what one has and the other has not.

const bothWays = '[[object, oldObject], [oldObject, object]]';
const isNoUpdate = "request.operation != 'UPDATE'";

/** Joins and leaves, kernel, boot; labels that are not our own echo; taints that do not come and go by themselves. */
export function nodeCondition(ignoredTaints: readonly string[]): string {
  const ignored = ignoredTaints.map(ignores);
  const echo = `^${prefix.replaceAll('.', '[.]')}(.+[.](device-plugin-)?ready|kernel-version[.]full)$`;
  return [
    isNoUpdate,
    'object.status.nodeInfo.kernelVersion != oldObject.status.nodeInfo.kernelVersion',
    'object.status.nodeInfo.bootID != oldObject.status.nodeInfo.bootID',
    [
      '(object.metadata.?labels != oldObject.metadata.?labels',
      `${bothWays}.exists(p, p[0].metadata.?labels.orValue({}).exists(k, p[0].metadata.?labels[?k] != p[1].metadata.?labels[?k]`,
      `!k.startsWith(${celString(betaPrefix)})`,
      `!k.matches(${celString(echo)}))))`,
    ].join(' && '),
    [
      '(object.spec.?taints != oldObject.spec.?taints',
      `${bothWays}.exists(p, p[0].spec.?taints.orValue([]).exists(t, ${ignored.length === 0 ? 'true' : `!(${ignored.join(' || ')})`}`,
      '!p[1].spec.?taints.orValue([]).exists(u, u.key == t.key && u.effect == t.effect && u.?value == t.?value))))',
    ].join(' && '),
  ].join(' || ');
}

/** One pattern of the configuration, as `isIgnoredTaint` reads it. */
function ignores(pattern: string): string {
  if (pattern.endsWith('/')) return `t.key.startsWith(${celString(pattern)})`;
  return pattern.startsWith('/') ? `t.key.endsWith(${celString(pattern)})` : `t.key == ${celString(pattern)}`;
}

/** A rollout starts to hurt, stops to hurt, or is complete; not each step between. */
export const daemonSetCondition = [
  "request.operation == 'DELETE' || [[object, oldObject].map(o, [",
  'o.status.?observedGeneration.orValue(0) == o.metadata.generation',
  '&& o.status.?updatedNumberScheduled.orValue(0) == o.status.desiredNumberScheduled',
  '&& o.status.?numberAvailable.orValue(0) == o.status.desiredNumberScheduled,',
  'o.status.?numberUnavailable.orValue(0) > 0])].exists(s, s[0] != s[1])',
].join(' ');

/** A container becomes ready or not, or restarts. Never the Ready condition, which goes when a node turns Unknown. */
export const podCondition = [
  `${bothWays}.exists(p,`,
  'p[0].status.?containerStatuses.orValue([]).exists(c, (c.ready || c.restartCount > 0)',
  '&& !p[1].status.?containerStatuses.orValue([]).exists(d, d.name == c.name && d.ready == c.ready && d.restartCount == c.restartCount))',
  '|| p[0].status.?initContainerStatuses.orValue([]).exists(c, c.restartCount > 0',
  '&& !p[1].status.?initContainerStatuses.orValue([]).exists(d, d.name == c.name && d.restartCount == c.restartCount)))',
].join(' ');

/** A loader: also the request that starts its grace period, for the label must go before the module does. */
export const podGoneCondition = [
  `oldObject.metadata.labels[${celString(labels.role)}] == ${celString(roles.moduleLoader)}`,
  'request.options.?gracePeriodSeconds.orValue(30) == 0',
].join(' || ');

const finished = (object: string) =>
  `${object}.status.?conditions.orValue([]).exists(c, c.type in ['Complete', 'Failed'] && c.status == 'True')`;

export const jobCondition = `${finished('object')} && !${finished('oldObject')}`;

/** Spec, labels, our annotations, deletion; never status, others' annotations or finalizers. */
export const moduleCondition = [
  isNoUpdate,
  'object.metadata.generation != oldObject.metadata.generation',
  'object.metadata.?labels.orValue({}) != oldObject.metadata.?labels.orValue({})',
  `${bothWays}.exists(p, p[0].metadata.?annotations.orValue({}).exists(k, k.startsWith(${celString(prefix)}) && p[0].metadata.?annotations[?k] != p[1].metadata.?annotations[?k]))`,
].join(' || ');

/** Any ConfigMap whose Dockerfile appears, changes or goes. */
export const dockerfileCondition =
  "[[object, oldObject].map(o, o == null ? '' : o.?data.?dockerfile.orValue(''))].exists(d, d[0] != d[1])";

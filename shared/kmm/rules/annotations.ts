import { formatPath } from '../finding.ts';
import { annotations, prefix } from '../labels.ts';
import { isGracePeriod, isMaxUnavailable, isShape } from '../pod-options.ts';
import { nearest } from './nearest.ts';
import { type Rule, ruleSet } from './rule.ts';

interface Annotation {
  key: string;
  value: string;
}

const isBoolean = (value: string) => value === 'true' || value === 'false';
const booleanReason = 'write "true" or "false"';

/** What a Module's annotations under our prefix may hold. */
const known = new Map<string, { accepts: (value: string) => boolean; reason: string }>(
  Object.entries({
    [annotations.loaderShape]: { accepts: isShape, reason: 'write "direct" or "copy"' },
    [annotations.gracePeriod]: { accepts: isGracePeriod, reason: 'write seconds, from "1" to "86400"' },
    [annotations.maxUnavailable]: {
      accepts: isMaxUnavailable,
      reason: 'write a number of nodes as "2", or a share as "10%"',
    },
    [annotations.paused]: { accepts: isBoolean, reason: booleanReason },
    [annotations.followTag]: { accepts: isBoolean, reason: booleanReason },
    [annotations.deniedMeansMissing]: { accepts: isBoolean, reason: booleanReason },
    [annotations.skipInspection]: { accepts: isBoolean, reason: booleanReason },
    [annotations.reResolve]: { accepts: () => true, reason: '' },
  }),
);

const rules: Rule<Annotation>[] = [
  {
    id: 'annotation-value',
    severity: 'warning',
    why: ({ key, value }) => {
      const annotation = known.get(key);
      return annotation === undefined || annotation.accepts(value)
        ? undefined
        : `"${value}" is not understood and ignored: ${annotation.reason}`;
    },
  },
  {
    id: 'annotation-unknown',
    severity: 'warning',
    why: ({ key }) => {
      if (!key.startsWith(prefix) || known.has(key)) return undefined;
      const close = nearest(key, [...known.keys()]);
      return `no such annotation is known${close ? `: did you mean ${close}?` : ', it changes nothing: remove it'}`;
    },
  },
];

export const annotationRules = ruleSet<Annotation>(
  ({ module }) =>
    Object.entries(module.metadata.annotations).map(([key, value]) => ({
      path: formatPath(['metadata', 'annotations', key]),
      subject: { key, value },
    })),
  rules,
);

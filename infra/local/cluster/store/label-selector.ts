import { ApiError } from './api-error.ts';

type Labels = Record<string, string>;
type Requirement = (labels: Labels) => boolean;

/**
 * The string form of a label selector, equality and set based: `a=b,c!=d,e in (f,g),h notin (i),j,!k`.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function parseLabelSelector(selector: string): Requirement {
  const requirements = splitOutsideParentheses(selector)
    .map((term) => term.trim())
    .filter((term) => term !== '')
    .map(parseRequirement);
  return (labels) => requirements.every((requirement) => requirement(labels));
}

function parseRequirement(term: string): Requirement {
  const set = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(term);
  if (set)
    return inSet(
      set[1] ?? '',
      set[2] === 'in',
      (set[3] ?? '').split(',').map((value) => value.trim()),
    );
  const pair = /^([^!=\s]+)\s*(!=|==|=)\s*([^!=\s]*)$/.exec(term);
  if (pair) return inSet(pair[1] ?? '', pair[2] !== '!=', [pair[3] ?? '']);
  const presence = /^(!?)\s*([^!=\s()]+)$/.exec(term);
  if (presence) return (labels) => Object.hasOwn(labels, presence[2] ?? '') === (presence[1] === '');
  throw new ApiError('BadRequest', `unable to parse requirement: "${term}" is not a label selector`);
}

/** `notin` and `!=` also match where the key is absent. */
function inSet(key: string, wanted: boolean, values: string[]): Requirement {
  return (labels) => {
    const value = labels[key];
    return (value !== undefined && values.includes(value)) === wanted;
  };
}

function splitOutsideParentheses(selector: string): string[] {
  return selector.split(/,(?![^(]*\))/);
}

import { ApiError } from './api-error.ts';
import { isRecord, type StoredObject } from './object.ts';

const fields: Record<string, (object: StoredObject) => string> = {
  'metadata.name': (object) => object.metadata.name,
  'metadata.namespace': (object) => object.metadata.namespace ?? '',
  'spec.nodeName': (object) => text(object['spec'], 'nodeName'),
  'status.phase': (object) => text(object['status'], 'phase'),
};

/** The field selectors that clients of ours use: `metadata.name=a,spec.nodeName!=b`. */
export function parseFieldSelector(selector: string): (object: StoredObject) => boolean {
  const terms = selector.split(',').filter((term) => term.trim() !== '');
  const requirements = terms.map(parseTerm);
  return (object) => requirements.every((requirement) => requirement(object));
}

function parseTerm(term: string): (object: StoredObject) => boolean {
  const [, path = '', operator, value = ''] = /^\s*([\w.]+)\s*(!=|==|=)\s*(\S*)\s*$/.exec(term) ?? [];
  const field = fields[path];
  if (field === undefined) throw new ApiError('BadRequest', `field label not supported: "${term}"`);
  return (object) => (field(object) === value) === (operator !== '!=');
}

function text(container: unknown, field: string): string {
  const value = isRecord(container) ? container[field] : undefined;
  return typeof value === 'string' ? value : '';
}

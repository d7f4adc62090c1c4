import { InvalidInput } from '../../../shared/kmm/errors.ts';
import { parseJson } from '../../../shared/kmm/parse.ts';
import type { Line } from './read-lines.ts';

/** One line of `--stdin`. The Module is whatever was sent: judging it is the answer. */
export interface LineRequest {
  module: unknown;
  kernelVersion?: string;
  architecture?: string;
  digest?: string;
}

const texts = ['kernelVersion', 'architecture', 'digest'] as const;

/** Reads one request; throws InvalidInput that says what is wrong with the line. */
export function parseRequest({ text }: Line): LineRequest {
  if (text === undefined) throw new InvalidInput('the line is too long');
  if (text.trim() === '') throw new InvalidInput('the line is empty');
  const value = parseJson(text, 'the line');
  if (typeof value !== 'object' || value === null || !('module' in value)) {
    throw new InvalidInput('expected an object with "module"', 'module');
  }
  const request: LineRequest = { module: value.module };
  for (const key of texts) {
    const given: unknown = Reflect.get(value, key);
    if (given === undefined || given === null) continue;
    if (typeof given !== 'string') throw new InvalidInput(`${key}: expected a text`, key);
    request[key] = given;
  }
  return request;
}

/** The kernel of a request that needs one. */
export function kernelOf({ kernelVersion }: LineRequest): string {
  if (!kernelVersion)
    throw new InvalidInput('kernelVersion is missing: what "uname -r" prints on a node', 'kernelVersion');
  return kernelVersion;
}

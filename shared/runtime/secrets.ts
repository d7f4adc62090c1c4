import { InvalidInput } from '../kmm/errors.ts';
import { type Configuration, type Environment, readTextFile } from './configuration.ts';

/** Shorter ones can be guessed over the wire. */
const minimumLength = 16;

/** The value of a configured secret: from a variable, or a file (a mounted Secret). Errors name where, never what. */
export function readSecret(name: string, environment: Environment, readFile = readTextFile): string {
  const value = (name.startsWith('/') ? readFile(name) : (environment[name] ?? '')).trim();
  if (value === '') throw new InvalidInput(`Configuration: the secret ${name} is not there or empty`, name);
  if (value.length < minimumLength) {
    throw new InvalidInput(`Configuration: the secret ${name} is shorter than ${minimumLength} characters`, name);
  }
  return value;
}

export type StartedSource = Omit<Configuration['sources'][number], 'registry'> & { registry?: string };

/** The configured senders, each with its secrets' values. One without a usable secret does not start; the others do. */
export function startSources(
  sources: Configuration['sources'],
  read: (name: string) => string,
): { started: StartedSource[]; refused: { source: string; name: string; why: string }[] } {
  const started: StartedSource[] = [];
  const refused: { source: string; name: string; why: string }[] = [];
  for (const { source, name, secrets, header, registry } of sources) {
    try {
      if (secrets.length === 0) throw new InvalidInput('no secret is configured for it');
      started.push({ source, name, secrets: secrets.map(read), header, ...(registry !== undefined && { registry }) });
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      refused.push({ source, name, why: error.message });
    }
  }
  return { started, refused };
}

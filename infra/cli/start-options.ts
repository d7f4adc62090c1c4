import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { RegistryFault } from '../local/registry/faults.ts';
import { UsageError } from './errors.ts';

export interface StartOptions {
  once: boolean;
  data: string | undefined;
  kubeconfig: string | undefined;
  registry: string | undefined;
  fault: RegistryFault | undefined;
  patienceMs: number;
  output: 'text' | 'json';
}

const faults: readonly RegistryFault[] = ['unavailable', 'unauthorized', 'rate-limited', 'slow'];

/** Throws UsageError that says what can be written instead. */
export function parseStartOptions(args: readonly string[], cwd: string): StartOptions {
  const values = parse(args);
  const { once, data, kubeconfig, registry, fault, patience, output } = values;
  if (kubeconfig !== undefined && data !== undefined)
    throw new UsageError('--data keeps the embedded cluster: leave it out with --kubeconfig');
  if (registry !== undefined && kubeconfig === undefined)
    throw new UsageError('--registry goes with --kubeconfig: the embedded cluster has its own registry');
  if (registry !== undefined && !/^(127\.0\.0\.1|localhost):\d{1,5}$/.test(registry))
    throw new UsageError(`--registry ${registry}: expected a registry on this machine, 127.0.0.1:PORT`);
  if (kubeconfig !== undefined && fault !== undefined)
    throw new UsageError('--fault breaks the registry of the story, and with --kubeconfig no story is told');
  return {
    once: once ?? false,
    data: data && resolve(cwd, data),
    kubeconfig: kubeconfig && resolve(cwd, kubeconfig),
    registry,
    fault: fault === undefined ? undefined : parseFault(fault),
    patienceMs: parseSeconds(patience ?? '20') * 1000,
    output: parseOutput(output ?? 'text'),
  };
}

export function parseFault(text: string): RegistryFault {
  const fault = faults.find((known) => known === text);
  if (fault === undefined) throw new UsageError(`"${text}" is no way to break a registry: ${faults.join(', ')}`);
  return fault;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean' },
        data: { type: 'string' },
        kubeconfig: { type: 'string' },
        registry: { type: 'string' },
        fault: { type: 'string' },
        patience: { type: 'string' },
        output: { type: 'string', short: 'o' },
      },
    }).values;
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : cause}. See "kmm start --help".`, { cause });
  }
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 600)) throw new UsageError(`--patience ${text}: expected 1 to 600 seconds`);
  return seconds;
}

function parseOutput(text: string): 'text' | 'json' {
  if (text === 'text' || text === 'json') return text;
  throw new UsageError(`-o ${text}: expected text or json`);
}

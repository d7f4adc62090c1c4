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

type Given = ReturnType<typeof parse>;

/** Throws UsageError that says what can be written instead. */
export function parseStartOptions(args: readonly string[], cwd: string): StartOptions {
  const given = parse(args);
  for (const { holds, message } of contradictions) if (holds(given)) throw new UsageError(message);
  const { once = false, data, kubeconfig, registry, fault, patience = '20', output = 'text' } = given;
  return {
    once,
    data: data && resolve(cwd, data),
    kubeconfig: kubeconfig && resolve(cwd, kubeconfig),
    registry,
    fault: fault === undefined ? undefined : parseFault(fault),
    patienceMs: parseSeconds(patience) * 1000,
    output: parseOutput(output),
  };
}

const contradictions: { holds: (given: Given) => boolean; message: string }[] = [
  {
    holds: ({ kubeconfig, data }) => kubeconfig !== undefined && data !== undefined,
    message: '--data keeps the embedded cluster: leave it out with --kubeconfig',
  },
  {
    holds: ({ kubeconfig, registry }) => registry !== undefined && kubeconfig === undefined,
    message: '--registry goes with --kubeconfig: the embedded cluster has its own registry',
  },
  {
    holds: ({ registry }) => registry !== undefined && !/^(127\.0\.0\.1|localhost):\d{1,5}$/.test(registry),
    message: '--registry: expected a registry on this machine, 127.0.0.1:PORT',
  },
  {
    holds: ({ kubeconfig, fault }) => kubeconfig !== undefined && fault !== undefined,
    message: '--fault breaks the registry of the story, and with --kubeconfig no story is told',
  },
];

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

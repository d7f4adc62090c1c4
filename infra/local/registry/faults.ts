import type { Answer } from './answer.ts';
import { refuse } from './refusal.ts';

/** Ways to break the registry. `slow` holds every answer until the fault is lifted or the registry closes. */
export type RegistryFault = 'unavailable' | 'unauthorized' | 'rate-limited' | 'slow';

export interface FaultGate {
  set(fault: RegistryFault | undefined): void;
  /** What a request gets instead of its answer, if anything. */
  pass(): Promise<Answer | undefined>;
}

export function createFaultGate(): FaultGate {
  let fault: RegistryFault | undefined;
  let lifted = Promise.withResolvers<void>();
  return {
    set: (next) => {
      fault = next;
      lifted.resolve();
      lifted = Promise.withResolvers();
    },
    pass: async () => {
      while (fault === 'slow') await lifted.promise;
      return answers[fault ?? 'none']();
    },
  };
}

const answers: Record<RegistryFault | 'none', () => Answer | undefined> = {
  none: () => undefined,
  slow: () => undefined,
  unavailable: () => refuse('UNAVAILABLE', 'the registry is broken on purpose'),
  unauthorized: () =>
    refuse('UNAUTHORIZED', 'the registry lets nobody in, on purpose', { 'WWW-Authenticate': 'Basic realm="kmm"' }),
  'rate-limited': () =>
    refuse('TOOMANYREQUESTS', 'the registry answers nobody for a while, on purpose', { 'Retry-After': '1' }),
};

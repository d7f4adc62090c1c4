import type { Taint, Toleration } from './objects.ts';

/** Whether one toleration accepts one taint: Kubernetes' own rule. https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  const operator = toleration.operator || 'Equal';
  if (operator === 'Exists') return true;
  return Boolean(toleration.key) && operator === 'Equal' && (toleration.value ?? '') === (taint.value ?? '');
}

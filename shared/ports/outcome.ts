export type { Outcome } from '../events/outcome.ts';

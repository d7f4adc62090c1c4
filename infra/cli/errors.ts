import { KmmError } from '../../shared/kmm/errors.ts';

/** The call can't be understood or its input not read. The message says what to write instead; exit 2. */
export class UsageError extends KmmError {
  override readonly name = 'UsageError';
  readonly code = 'USAGE';
}

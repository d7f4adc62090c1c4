import { KmmError } from '../kmm/errors.ts';

/** `UNAVAILABLE`: try again later. `REFUSED`: the queue or our rights are wrong. `NO_QUEUE`: none is configured. */
export type BusErrorCode = 'UNAVAILABLE' | 'REFUSED' | 'NO_QUEUE';

/** Messages could not be published. What was published before the error stays so: publishing again repeats it. */
export class BusError extends KmmError {
  override readonly name = 'BusError';
  readonly code: BusErrorCode;

  constructor(code: BusErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

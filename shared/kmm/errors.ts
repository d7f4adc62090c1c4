/**
 * Base of every error of ours: a literal `name` (minifying breaks `constructor.name`), a `code` to branch on, and a
 * message that says what was attempted, on what, and what to do.
 */
export abstract class KmmError extends Error {
  abstract override readonly name: string;
  abstract readonly code: string;
}

/** Input that can't be understood: poison. It is reported and never retried. `path` is where in the input. */
export class InvalidInput extends KmmError {
  override readonly name = 'InvalidInput';
  readonly code = 'INVALID_INPUT';
  readonly path: string;

  constructor(message: string, path = '', options?: ErrorOptions) {
    super(message, options);
    this.path = path;
  }
}

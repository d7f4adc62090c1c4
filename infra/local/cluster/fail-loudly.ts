/** What becomes of a failure that nobody asked to hear of: it ends the process, so that no bug hides in the background. */
export function failLoudly(key: string, error: unknown): void {
  setImmediate(() => {
    throw new Error(`The embedded cluster failed at ${key}`, { cause: error });
  });
}

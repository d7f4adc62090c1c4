/**
 * A review comes before the write that it is about: the object is read again after these. Absent or still as before after the
 * last, the event is dropped, and the sweep has it.
 */
export const rereadAfterMs = [50, 250, 1000];

/** Reads until what was promised shows, or patience ends; the last answer counts. */
export async function untilLanded<T>(
  read: (again: boolean) => Promise<T>,
  hasLanded: (found: T) => boolean,
  sleep: (milliseconds: number) => Promise<void>,
): Promise<T> {
  let found = await read(false);
  for (const wait of rereadAfterMs) {
    if (hasLanded(found)) return found;
    await sleep(wait);
    found = await read(true);
  }
  return found;
}

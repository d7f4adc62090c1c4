/** `<kernel>/<arch>`, a key of `status.kernels`, taken apart; undefined when it is none. */
export function splitEntryKey(key: string): { kernelVersion: string; architecture: string } | undefined {
  const slash = key.lastIndexOf('/');
  if (slash <= 0 || slash === key.length - 1) return undefined;
  return { kernelVersion: key.slice(0, slash), architecture: key.slice(slash + 1) };
}

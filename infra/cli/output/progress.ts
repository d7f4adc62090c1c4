import type { Io } from '../io.ts';

/** Says on a terminal what is being waited for, once it takes over a second; the line goes when the wait is over. */
export async function withProgress<T>(
  { stderr }: Pick<Io, 'stderr'>,
  what: string,
  work: Promise<T>,
  patienceMs = 1000,
): Promise<T> {
  if (stderr.isTTY !== true) return work;
  const started = performance.now();
  let told = false;
  const timer = setInterval(() => {
    told = true;
    stderr.write(`\r\u001b[2K${what} … ${Math.round((performance.now() - started) / 1000)} s`);
  }, patienceMs);
  timer.unref();
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (told) stderr.write('\r\u001b[2K');
  }
}

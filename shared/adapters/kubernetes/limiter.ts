/** Lets at most `limit` calls run at once; the others wait in order. Time-outs inside start when a call runs. */
export function createLimiter(limit: number): <T>(run: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;

  const enter = async () => {
    if (running < limit) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  // A call that ends hands its place to the next one, so that `running` never shows a gap that a newcomer could take.
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  };

  return async (run) => {
    await enter();
    try {
      return await run();
    } finally {
      leave();
    }
  };
}

/** Runs one job per key at a time. A key that is added while it waits is one job; while it runs, one more. */
export interface WorkQueue {
  add(key: string, delayMs?: number): void;
  close(): void;
}

export interface WorkQueueOptions {
  run: (key: string) => Promise<void> | void;
  /** How long a key gathers causes before its job runs. */
  settleMs: number;
  failed: (key: string, error: unknown) => void;
}

export function createWorkQueue({ run, settleMs, failed }: WorkQueueOptions): WorkQueue {
  const due = new Map<string, { at: number; timer: NodeJS.Timeout }>();
  const running = new Set<string>();
  const again = new Set<string>();
  let open = true;

  const work = async (key: string) => {
    running.add(key);
    try {
      await run(key);
    } catch (error) {
      failed(key, error);
    } finally {
      running.delete(key);
      if (again.delete(key)) add(key);
    }
  };

  const start = (key: string) => {
    due.delete(key);
    if (running.has(key)) again.add(key);
    else void work(key);
  };

  function add(key: string, delayMs = settleMs): void {
    const at = performance.now() + delayMs;
    const standing = due.get(key);
    if (!open || (standing && standing.at <= at)) return;
    clearTimeout(standing?.timer);
    const timer = setTimeout(start, delayMs, key);
    // A far-off job (a back-off) keeps no process alive.
    if (delayMs > 1000) timer.unref();
    due.set(key, { at, timer });
  }

  return {
    add,
    close() {
      open = false;
      for (const { timer } of due.values()) clearTimeout(timer);
      due.clear();
    },
  };
}

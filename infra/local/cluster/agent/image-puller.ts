/** Tells whether images can be pulled, and when one that could not be pulled can be. */
export interface ImagePuller {
  /** Callers at the same time share one question. */
  has(image: string): Promise<boolean>;
  /** Asks again, ever more rarely, until the image is there; then `found` is called with the key, once. */
  await(image: string, key: string): void;
  /** Asks now for all that is awaited: something was pushed. */
  recheck(): void;
  close(): void;
}

export interface ImagePullerOptions {
  imageExists: (image: string) => Promise<boolean>;
  found: (key: string) => void;
  /** The first pause; each is twice the one before, up to 30 times the first. */
  retryMs: number;
}

interface Awaited {
  keys: Set<string>;
  pauseMs: number;
  timer: NodeJS.Timeout;
}

export function createImagePuller({ imageExists, found, retryMs }: ImagePullerOptions): ImagePuller {
  const asking = new Map<string, Promise<boolean>>();
  const awaited = new Map<string, Awaited>();

  // A registry that can't be asked is an image that can't be pulled.
  const has = (image: string): Promise<boolean> => {
    const running = asking.get(image);
    if (running !== undefined) return running;
    const asked = imageExists(image)
      .catch(() => false)
      .finally(() => asking.delete(image));
    asking.set(image, asked);
    return asked;
  };

  const check = async (image: string) => {
    const there = await has(image);
    const entry = awaited.get(image);
    if (!entry) return;
    clearTimeout(entry.timer);
    if (there) {
      awaited.delete(image);
      entry.keys.forEach(found);
    } else {
      entry.pauseMs = Math.min(entry.pauseMs * 2, retryMs * 30);
      entry.timer = later(image, entry.pauseMs);
    }
  };

  const later = (image: string, pauseMs: number) => setTimeout(() => void check(image), pauseMs).unref();

  return {
    has,
    await(image, key) {
      const entry = awaited.get(image) ?? { keys: new Set<string>(), pauseMs: retryMs, timer: later(image, retryMs) };
      entry.keys.add(key);
      awaited.set(image, entry);
    },
    recheck() {
      for (const image of awaited.keys()) void check(image);
    },
    close() {
      for (const { timer } of awaited.values()) clearTimeout(timer);
      awaited.clear();
    },
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { HappeningAction } from './happening.ts';

/** Who is told what happens. */
export interface ListenerOptions {
  url: string;
  headers?: Record<string, string>;
  /** As `ignore.actions` of CNCF Distribution. Pulls by default: every look at an image is one. */
  ignoreActions?: readonly HappeningAction[];
}

/** Sends events to one URL: one event a request, in order, each again until it is taken. Ends with `close`. */
export interface Listener {
  /** Returns at once. With more than 1,000 waiting the oldest is given up: what it announced is found by the next look. */
  tell(action: HappeningAction, event: object): void;
  close(): Promise<void>;
}

const contentType = 'application/vnd.docker.distribution.events.v1+json';
const maxWaiting = 1000;
const firstPause = 100;
const longestPause = 10_000;
const answerTime = 10_000;

export function createListener({ url, headers = {}, ignoreActions = ['pull'] }: ListenerOptions): Listener {
  const waiting: object[] = [];
  const closing = new AbortController();
  let sending: Promise<void> | undefined;

  async function isTaken(event: object): Promise<boolean> {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(answerTime)]);
    const body = JSON.stringify({ events: [event] }, undefined, 3);
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': contentType },
        body,
        signal,
        redirect: 'manual',
      });
      await answer.body?.cancel();
      return answer.status >= 200 && answer.status < 400;
    } catch {
      return false;
    }
  }

  async function sendAll(): Promise<void> {
    let pause = firstPause;
    for (let event = waiting[0]; event !== undefined && !closing.signal.aborted; event = waiting[0]) {
      if (await isTaken(event)) {
        if (waiting[0] === event) waiting.shift();
        pause = firstPause;
      } else {
        await sleep(pause, undefined, { signal: closing.signal }).catch(() => undefined);
        pause = Math.min(pause * 2, longestPause);
      }
    }
    sending = undefined;
  }

  return {
    tell: (action, event) => {
      if (ignoreActions.includes(action) || closing.signal.aborted) return;
      waiting.push(event);
      if (waiting.length > maxWaiting) waiting.shift();
      sending ??= sendAll();
    },
    close: async () => {
      closing.abort();
      await sending;
    },
  };
}

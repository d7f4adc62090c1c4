import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

/** The status of the first answer of an URL, whatever it is; asks again for 30 s while nobody answers. */
export async function waitForUrl(url: string, options: { ca?: string } = {}): Promise<number> {
  const end = Date.now() + 30_000;
  for (;;) {
    try {
      return await ask(new URL(url), options.ca);
    } catch (error) {
      if (Date.now() > end) throw new Error(`${url} never answered`, { cause: error });
      await sleep(50);
    }
  }
}

function ask(url: URL, ca: string | undefined): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const request =
    url.protocol === 'https:' ? requestHttps(url, { ca, agent: false }) : requestHttp(url, { agent: false });
  request.on('response', (answer) => {
    answer.resume();
    resolve(answer.statusCode ?? 0);
  });
  request.setTimeout(5_000, () => request.destroy(new Error('no answer within 5 s')));
  request.on('error', reject).end();
  return promise;
}

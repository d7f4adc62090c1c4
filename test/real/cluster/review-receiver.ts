import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { createCertificate } from '../support/certificate.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const Review = z.looseObject({ request: z.looseObject({ uid: z.string() }) });

export interface ReceivedReview {
  path: string;
  /** The last one of the path. */
  part: string;
  body: unknown;
}

export interface ReviewReceiver {
  url: string;
  /** PEM. */
  ca: string;
  /** What came since the last call. A write is answered after its reviews, so nothing of it is missing. */
  take(): ReceivedReview[];
  stop(): Promise<void>;
}

/** An https server that allows every review, as our door does, and keeps it. */
export async function startReviewReceiver(): Promise<ReviewReceiver> {
  const folder = await temporaryFolder('reviews');
  const { keyFile, cert } = await createCertificate(folder.path);
  const received: ReceivedReview[] = [];
  const server = createServer({ key: await readFile(keyFile), cert }, (request, response) => {
    void text(request).then((said) => {
      const body: unknown = JSON.parse(said);
      const path = (request.url ?? '').split('?')[0] ?? '';
      received.push({ path, part: path.split('/').at(-1) ?? '', body });
      const { uid } = Review.parse(body).request;
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          apiVersion: 'admission.k8s.io/v1',
          kind: 'AdmissionReview',
          response: { uid, allowed: true },
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `https://127.0.0.1:${port}`,
    ca: cert,
    take: () => received.splice(0),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await folder.remove();
    },
  };
}

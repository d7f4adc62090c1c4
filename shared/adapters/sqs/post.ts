import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface PostRequest {
  url: URL;
  headers: Record<string, string>;
  body: string;
  /** For the whole exchange. */
  timeoutMilliseconds: number;
}

/** Rejects when no answer came, none in time, or one that is too long. */
export type Post = (request: PostRequest) => Promise<{ status: number; text: string }>;

/**
 * Over Node's own kept-alive connections: the global `fetch` would be a second HTTP client in the process, which costs a cold
 * start as much CPU as Node itself. Redirects are not followed.
 */
export const post: Post = async ({ url, headers, body, timeoutMilliseconds }) => {
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const length = Buffer.byteLength(body);
    const call = send(url, { method: 'POST', headers: { ...headers, 'content-length': length }, signal }, resolve);
    call.once('error', reject);
    call.end(body);
  });
  return { status: response.statusCode ?? 0, text: await readText(response) };
};

/** SQS answers in a few hundred bytes for each message of a batch. */
const longestAnswer = 65_536;

async function readText(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk;
    if (text.length > longestAnswer) throw new Error(`the answer is longer than ${longestAnswer} characters`);
  }
  return text;
}

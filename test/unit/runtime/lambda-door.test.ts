import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Door, type DoorRequest, maxBodyBytes } from '../../../shared/runtime/door.ts';
import { lambdaDoor } from '../../../shared/runtime/lambda-door.ts';
import { createFakeLogger } from '../../fakes/logger.ts';

function recordingDoor() {
  const received: DoorRequest[] = [];
  const door: Door = {
    paths: ['/door/:part'],
    knows: ({ part }) => part === 'known',
    receive: async (request) => {
      received.push(request);
      return { status: 202, body: { ok: true } };
    },
  };
  return { received, handler: lambdaDoor(() => ({ door, logger: createFakeLogger() })) };
}

/** A Function URL's event, payload format 2.0. */
const event = (rawPath: string, body: string, isBase64Encoded: boolean) => ({
  version: '2.0',
  routeKey: '$default',
  rawPath,
  rawQueryString: 'timeout=1s',
  headers: { 'content-type': 'application/octet-stream', 'X-Token': 't', host: 'x.lambda-url.eu-west-1.on.aws' },
  requestContext: {
    http: { method: 'POST', path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
    domainName: 'x.lambda-url.eu-west-1.on.aws',
  },
  body,
  isBase64Encoded,
});
type Handler = ReturnType<typeof lambdaDoor>;
const call = (handler: Handler, input: object) =>
  handler(input as Parameters<Handler>[0]) as Promise<{ statusCode: number; body: string }>;

test('a base64 body reaches the door as the bytes that were sent', async () => {
  const { handler, received } = recordingDoor();
  const bytes = Buffer.from([0, 255, 128, 10, 13]);
  const answer = await call(handler, event('/door/known', bytes.toString('base64'), true));
  assert.deepEqual([answer.statusCode, JSON.parse(answer.body)], [202, { ok: true }]);
  assert.deepEqual(Buffer.from(received[0]?.body ?? []), bytes);
  assert.equal(received[0]?.headers['x-token'], 't');
});

test('a text body reaches the door as UTF-8', async () => {
  const { handler, received } = recordingDoor();
  await call(handler, event('/door/known', '{"a":"é"}', false));
  assert.equal(Buffer.from(received[0]?.body ?? []).toString(), '{"a":"é"}');
});

test('an unknown path is a 404, a large body a 413, and neither reaches the door', async () => {
  const { handler, received } = recordingDoor();
  assert.equal((await call(handler, event('/door/other', 'x', false))).statusCode, 404);
  assert.equal((await call(handler, event('/door/known', 'x'.repeat(maxBodyBytes + 1), false))).statusCode, 413);
  assert.deepEqual(received, []);
});

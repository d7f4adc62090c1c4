import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Door, type DoorRequest, maxBodyBytes } from '../../../shared/runtime/door.ts';
import { lambdaDoor } from '../../../shared/runtime/lambda-door.ts';
import { matchPath } from '../../../shared/runtime/match-path.ts';
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

test('a base64 body reaches the door as the bytes that were sent', async () => {
  const { handler, received } = recordingDoor();
  const bytes = Buffer.from([0, 255, 128, 10, 13]);
  const answer = await handler(event('/door/known', bytes.toString('base64'), true));
  assert.deepEqual([answer.statusCode, JSON.parse(answer.body ?? '')], [202, { ok: true }]);
  assert.deepEqual(Buffer.from(received[0]?.body ?? []), bytes);
  assert.equal(received[0]?.headers['x-token'], 't');
});

test('a text body reaches the door as UTF-8', async () => {
  const { handler, received } = recordingDoor();
  await handler(event('/door/known', '{"a":"é"}', false));
  assert.equal(Buffer.from(received[0]?.body ?? []).toString(), '{"a":"é"}');
});

test('an unknown path is a 404, a large body a 413, and neither reaches the door', async () => {
  const { handler, received } = recordingDoor();
  assert.equal((await handler(event('/door/other', 'x', false))).statusCode, 404);
  assert.equal((await handler(event('/door/known', 'x'.repeat(maxBodyBytes + 1), false))).statusCode, 413);
  assert.deepEqual(received, []);
});

test('only POST is served', async () => {
  const { handler, received } = recordingDoor();
  const got = event('/door/known', '', false);
  got.requestContext.http.method = 'GET';
  assert.equal((await handler(got)).statusCode, 404);
  assert.deepEqual(received, []);
});

test('a door that throws is a 500, and no log line shows the path with its secret', async () => {
  const logger = createFakeLogger();
  const receive = () => Promise.reject(new Error('a bug'));
  const door: Door = { paths: ['/door/:secret'], knows: () => true, receive };
  const answer = await lambdaDoor(() => ({ door, logger }))(event('/door/very-secret', '{}', false));
  assert.deepEqual(answer, { statusCode: 500 });
  assert.match(logger.text(), /Request failed/);
  assert.doesNotMatch(logger.text(), /very-secret/);
});

test('an event of something else than a Function URL fails the call', async () => {
  const { handler } = recordingDoor();
  await assert.rejects(handler({ Records: [] }), /Function URL event: rawPath/);
});

const paths: [pattern: string, path: string, parts: Record<string, string> | undefined][] = [
  ['/a/:b', '/a/c', { b: 'c' }],
  ['/a/:b/:c', '/a/x%2Fy/z', { b: 'x/y', c: 'z' }],
  ['/a/:b', '/a/', undefined],
  ['/a/:b', '/a/c/', undefined],
  ['/a/:b', '/x/c', undefined],
  ['/a/:b', '/a/%', undefined],
  ['/a/:b', 'a/c', undefined],
];
for (const [pattern, path, parts] of paths)
  test(`${path} ${parts ? 'is' : 'is not'} ${pattern}`, () => assert.deepEqual(matchPath(pattern, path), parts));

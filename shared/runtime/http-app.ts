import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Logger } from '../ports/logger.ts';
import { type Door, maxBodyBytes } from './door.ts';

/** The doors as one HTTP application. Everything that no door knows is a 404 before a byte of its body is read. */
export function httpApp(doors: readonly Door[], logger: Logger): Hono {
  const app = new Hono();
  // The rest of such a body is not read, so the connection can't serve another request.
  const tooLarge = (context: Context) => context.body(null, 413, { connection: 'close' });
  const limit = bodyLimit({ maxSize: maxBodyBytes, onError: tooLarge });
  for (const door of doors) {
    for (const path of door.paths) {
      app.post(
        path,
        (context, next) => (door.knows(context.req.param()) ? next() : Promise.resolve(context.body(null, 404))),
        limit,
        (context) => receive(door, context),
      );
    }
  }
  app.notFound((context) => context.body(null, 404));
  app.onError((error, context) => {
    // Never the path: a secret may stand in it.
    logger.error('Request failed', { error });
    return context.body(null, 500);
  });
  return app;
}

async function receive(door: Door, context: Context): Promise<Response> {
  const body = new Uint8Array(await context.req.arrayBuffer());
  const { status, body: answer } = await door.receive({
    parts: context.req.param(),
    headers: context.req.header(),
    body,
  });
  return answer === undefined ? context.body(null, status) : context.json(answer, status);
}

import { type Context, Hono, type Next } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Logger } from '../ports/logger.ts';
import { type Door, type DoorAnswer, maxBodyBytes, noBody } from './door.ts';

/** The doors as one HTTP application. Everything that no door knows is a 404 before a byte of its body is read. */
export function httpApp(doors: readonly Door[], logger: Logger): Hono {
  const app = new Hono();
  // The rest of such a body is not read, so the connection can't serve another request.
  const tooLarge = (context: Context) => context.body(null, 413, { connection: 'close' });
  const limit = bodyLimit({ maxSize: maxBodyBytes, onError: tooLarge });
  for (const door of doors) {
    const known = (context: Context, next: Next) =>
      door.knows(context.req.param()) ? next() : Promise.resolve(context.body(null, 404));
    for (const path of door.paths) {
      app.post(path, known, limit, (context) => receive(door, context));
      if (door.shakeHands !== undefined) app.options(path, known, (context) => shakeHands(door, context));
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
  return respond(await door.receive({ parts: context.req.param(), headers: context.req.header(), body }), context);
}

async function shakeHands(door: Door, context: Context): Promise<Response> {
  const answer = await door.shakeHands?.({ parts: context.req.param(), headers: context.req.header(), body: noBody });
  return respond(answer ?? { status: 404 }, context);
}

function respond({ status, headers, body }: DoorAnswer, context: Context): Response {
  return body === undefined ? context.body(null, status, headers) : context.json(body, status, headers);
}

import { handle, type LambdaEvent } from 'hono/aws-lambda';
import type { Logger } from '../ports/logger.ts';
import type { Door } from './door.ts';
import { httpApp } from './http-app.ts';

/**
 * A door behind a Function URL. Binary bodies come as base64, which the adapter undoes, so a signature is checked on the bytes
 * that were sent. One parameter: Node 24's runtime refuses handlers with a callback.
 */
export function lambdaDoor(create: () => { door: Door; logger: Logger }): (event: LambdaEvent) => Promise<unknown> {
  let serve: ReturnType<typeof handle> | undefined;
  return (event) => {
    if (serve === undefined) {
      const { door, logger } = create();
      serve = handle(httpApp([door], logger));
    }
    return serve(event);
  };
}

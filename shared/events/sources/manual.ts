import * as z from 'zod';
import { parseWith } from '../../kmm/parse.ts';
import { decodeItem, triggers } from '../decoded.ts';
import { ResolveScope } from '../trigger-schema.ts';
import { verifySharedSecret } from './shared-secret.ts';
import type { EventSource } from './source.ts';

/**
 * A call by hand or by a pipeline (`kmm re-resolve` with a door's address). An empty scope is everything:
 * ```json
 * {"scope":{"namespace":"drivers","module":"nic","kernelVersion":"6.1.0-18-amd64","architecture":"amd64"},"force":true}
 * ```
 */
export const manual: EventSource = {
  recognise: ({ body }) => z.object({ scope: z.looseObject({}) }).safeParse(body).success,
  verify: verifySharedSecret,
  decode: ({ body }) => [
    decodeItem(() => triggers({ kind: 'resolve', ...parseWith(ManualCall, body, 'Manual call') })),
  ],
  poison: 'refuse',
};

/** Strict, and the scope must be said: a misspelt key must not come to mean everything. */
const ManualCall = z.strictObject({
  scope: ResolveScope,
  force: z.boolean().exactOptional(),
  rollout: z.boolean().exactOptional(),
  /** `sweep`: a clock calls, so Ready targets are asked for hourly only. */
  cause: z.enum(['manual', 'sweep']).default('manual'),
});

import * as z from 'zod';
import { triggers } from '../decoded.ts';
import type { EventSource } from './source.ts';

/**
 * A rule or schedule of EventBridge: the sweep. It comes straight to the function, so it is never verified by us.
 * ```json
 * {"version":"0","id":"53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa","detail-type":"Scheduled Event","source":"aws.events",
 *  "account":"123456789012","time":"2026-11-24T16:53:06Z","region":"us-east-1","resources":["arn:…:rule/sweep"],"detail":{}}
 * ```
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html
 */
export const schedule: EventSource = {
  recognise: ({ body }) => ScheduledEvent.safeParse(body).success,
  verify: () => false,
  decode: () => [triggers({ kind: 'resolve', scope: {}, cause: 'sweep' })],
  poison: 'refuse',
};

const ScheduledEvent = z.object({
  source: z.enum(['aws.events', 'aws.scheduler']),
  'detail-type': z.literal('Scheduled Event'),
});

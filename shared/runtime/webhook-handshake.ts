import type { DoorAnswer, DoorRequest } from './door.ts';

/** What CloudEvents' senders call themselves: a DNS name. Nothing else is sent back in a header. */
const origin = /^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/;

/**
 * Lets a sender that has proved to be one of ours send to this address, as fast as it likes. The address for a later answer
 * (`WebHook-Request-Callback`) is never called: a header does not say where we go.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md#4-abuse-protection
 */
export function webhookHandshake({ headers }: Pick<DoorRequest, 'headers'>): DoorAnswer {
  const asking = headers['webhook-request-origin'] ?? '';
  if (!origin.test(asking)) return { status: 400, body: { message: 'WebHook-Request-Origin: expected a DNS name' } };
  return {
    status: 200,
    headers: { allow: 'OPTIONS, POST', 'webhook-allowed-origin': asking, 'webhook-allowed-rate': '*' },
  };
}

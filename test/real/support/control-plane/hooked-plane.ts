import { setTimeout } from 'node:timers/promises';
import { renderEventHooks } from '../../../../infra/kubernetes/hooks/event-hooks.ts';
import { decodeEvent } from '../../../../shared/events/decode-event.ts';
import { allTriggers } from '../../../../shared/events/decoded.ts';
import { allSources } from '../../../../shared/events/sources/sources.ts';
import type { Trigger } from '../../../../shared/events/trigger.ts';
import { defaultIgnoredTaints } from '../../../../shared/kubernetes/ignored-taints.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type ReceivedReview, startHookReceiver } from './hook-receiver.ts';
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from './start-control-plane.ts';

/** A control plane with the project's event hooks, which a receiver writes down. */
export interface HookedPlane extends ControlPlane {
  /** All reviews so far, the installation's own left out. */
  reviews(): readonly ReceivedReview[];
  /** The reviews that came while this ran: those of its own writes all came before their answers. */
  during(write: () => Promise<unknown>): Promise<ReceivedReview[]>;
}

export const hookSecret = 'the-secret-of-this-test';

export async function startHookedPlane(options: ControlPlaneOptions = {}): Promise<HookedPlane> {
  const cleanup = new AsyncDisposableStack();
  try {
    const folder = await temporaryFolder('hooks');
    cleanup.defer(folder.remove);
    const receiver = await startHookReceiver(folder.path);
    cleanup.defer(receiver.close);
    const plane = await startControlPlane(options);
    cleanup.defer(plane.stop);
    await plane.api.call(
      'POST',
      '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
      hooks(receiver.url, receiver.ca),
    );
    await hooksAreCalled(plane, receiver.reviews);
    const first = receiver.reviews.length;
    return {
      ...plane,
      reviews: () => receiver.reviews.slice(first),
      async during(write) {
        const before = receiver.reviews.length;
        await write();
        return receiver.reviews.slice(before);
      },
      stop: () => cleanup.disposeAsync(),
    };
  } catch (error) {
    await cleanup.disposeAsync();
    throw error;
  }
}

/** What the project's decoder makes of reviews. */
export function triggersOf(reviews: readonly ReceivedReview[]): Trigger[] {
  return reviews.flatMap(({ headers, body }) =>
    allTriggers(decodeEvent({ headers, body }, { ignoredTaints: defaultIgnoredTaints }, allSources)),
  );
}

function hooks(sink: string, caBundle: string) {
  const events = { kind: 'hooks', door: { kind: 'url', sink, caBundle } } as const;
  const installation = {
    namespace: 'kmm-functions',
    clusterName: 'test',
    profile: 'lambda',
    ignoredTaints: defaultIgnoredTaints,
    kernelLabel: 'policy',
    secrets: { hook: hookSecret, door: 'unused' },
    events,
  } as const;
  return renderEventHooks(installation, events);
}

/** A new configuration takes effect within a second or two, and the server tells nobody. */
async function hooksAreCalled({ api }: ControlPlane, reviews: readonly unknown[]): Promise<void> {
  const probe = { metadata: { generateName: 'probe-' }, data: { dockerfile: 'FROM scratch' } };
  for (const end = Date.now() + 20_000; Date.now() < end; await setTimeout(50)) {
    await api.call('POST', '/api/v1/namespaces/default/configmaps?dryRun=All', probe);
    if (reviews.length > 0) return;
  }
  throw new Error('The API server called no hook within 20 s');
}

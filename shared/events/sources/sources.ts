import { acr } from './acr.ts';
import { admissionReview } from './admission-review.ts';
import { argoResource } from './argo-resource.ts';
import { distribution } from './distribution.ts';
import { dockerHub } from './docker-hub.ts';
import { ecr } from './ecr.ts';
import { ecrCloudEvent } from './ecr-cloud-event.ts';
import { generic } from './generic.ts';
import { ghcr } from './ghcr.ts';
import { gitea } from './gitea.ts';
import { google } from './google.ts';
import { harbor } from './harbor.ts';
import { jfrog } from './jfrog.ts';
import { knativeApiServer } from './knative-api-server.ts';
import { manual } from './manual.ts';
import { ownEvent } from './own-event.ts';
import { quay } from './quay.ts';
import { schedule } from './schedule.ts';
import type { EventSource } from './source.ts';
import { zot } from './zot.ts';

/** Every source of events, one line each. No event is of two sources (tested with every recorded sample). */
export const sources = {
  'admission-review': admissionReview,
  'own-event': ownEvent,
  'knative-api-server': knativeApiServer,
  'argo-resource': argoResource,
  distribution,
  ecr,
  'ecr-cloud-event': ecrCloudEvent,
  google,
  jfrog,
  gitea,
  zot,
  generic,
  harbor,
  quay,
  'docker-hub': dockerHub,
  ghcr,
  acr,
  schedule,
  manual,
} as const satisfies Record<string, EventSource>;

export type SourceName = keyof typeof sources;

export function isSourceName(name: string): name is SourceName {
  return Object.hasOwn(sources, name);
}

/** What `decodeEvent` takes to decode anything. */
export const allSources: readonly EventSource[] = Object.values(sources);

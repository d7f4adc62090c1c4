import type { DoorSource } from '../../../../shared/events/sources/authentication.ts';
import { acrSample } from './acr.ts';
import { distributionSample } from './distribution.ts';
import { dockerHubSample } from './docker-hub.ts';
import { ecrSample } from './ecr.ts';
import { ecrCloudEventSample } from './ecr-cloud-event.ts';
import { genericSample } from './generic.ts';
import { ghcrSample } from './ghcr.ts';
import { giteaSample } from './gitea.ts';
import { googleSample } from './google.ts';
import { harborSample } from './harbor.ts';
import { jfrogSample } from './jfrog.ts';
import { ownEventSample } from './own-event.ts';
import { bearer, inHeader, inPath, type Proof, signed } from './proof.ts';
import { quaySample } from './quay.ts';
import type { SampleMaker } from './sample.ts';
import { zotSample } from './zot.ts';

/** What `kmm events send` knows of a source. */
export interface KnownSample {
  make: SampleMaker;
  prove: Proof;
  /** An image that may be in such a registry. */
  image: string;
}

/** One line for each source that tells of images. */
export const samples = {
  distribution: known(distributionSample, bearer, 'registry.example:5000/drivers/nic'),
  ecr: known(ecrSample, bearer, '123456789012.dkr.ecr.eu-west-1.amazonaws.com/drivers/nic'),
  'ecr-cloud-event': known(ecrCloudEventSample, bearer, '123456789012.dkr.ecr.eu-west-1.amazonaws.com/drivers/nic'),
  google: known(googleSample, bearer, 'europe-docker.pkg.dev/acme/drivers/nic'),
  jfrog: known(jfrogSample, byMode('x-jfrog-event-auth'), 'acme.jfrog.io/docker-local/drivers/nic'),
  gitea: known(giteaSample, signed('x-gitea-signature', ''), 'git.example/drivers/nic'),
  zot: known(zotSample, bearer, 'zot.example/drivers/nic'),
  generic: known(genericSample, signed('x-signature', 'sha256='), 'registry.example/drivers/nic'),
  harbor: known(harborSample, inHeader('authorization'), 'harbor.example/drivers/nic'),
  quay: known(quaySample, inPath, 'quay.io/drivers/nic'),
  'docker-hub': known(dockerHubSample, inPath, 'docker.io/drivers/nic'),
  ghcr: known(ghcrSample, signed('x-hub-signature-256', 'sha256='), 'ghcr.io/drivers/nic'),
  acr: known(acrSample, bearer, 'acme.azurecr.io/drivers/nic'),
  'own-event': known(ownEventSample, bearer, 'registry.example/drivers/nic'),
} as const satisfies Partial<Record<DoorSource, KnownSample>>;

export type SampleName = keyof typeof samples;

export function isSampleName(name: string): name is SampleName {
  return Object.hasOwn(samples, name);
}

export const sampleNames = Object.keys(samples).filter(isSampleName);

function known(make: SampleMaker, prove: Proof, image: string): KnownSample {
  return { make, prove, image: `${image}:6.1.0` };
}

/** The same header bears the secret, or the signature. */
function byMode(header: string): Proof {
  return (sample, secret, mode) => (mode === 'hmac' ? signed(header, '') : inHeader(header))(sample, secret, mode);
}

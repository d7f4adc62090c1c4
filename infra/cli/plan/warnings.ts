import type { TargetFacts } from '../../../shared/reconcile/facts.ts';
import type { KnownModule } from '../../../shared/reconcile/known-module.ts';
import type { PlanSetting } from './plan-module.ts';

type Situation = Pick<PlanSetting, 'online' | 'ownCredentials'>;

/** What could make the real thing differ from this plan, one sentence each. */
export function warningsOf(module: KnownModule, facts: TargetFacts, situation: Situation): string[] {
  const { resolution, image, options } = facts;
  const data = resolution.outcome === 'resolved' ? resolution.data : undefined;
  const secret = data?.imageRepoSecret;
  const code = image.kind === 'unreachable' ? image.code : '';
  const checks: [boolean, string][] = [
    [
      secret !== undefined && !situation.online && !situation.ownCredentials,
      `the pull secret ${module.namespace}/${secret ?? ''} can't be read here: asked anonymously (give --docker-config or --kubeconfig)`,
    ],
    [
      ['Unauthorized', 'Forbidden'].includes(code) && !situation.online && !situation.ownCredentials,
      'the registry wants credentials: give them by --docker-config FILE',
    ],
    [
      code === 'Tls' && !situation.online,
      'give a registry with a CA of its own --registry-ca FILE, one without TLS --plain-http HOST[:PORT]',
    ],
    [image.kind === 'missing' && data?.build !== undefined, 'whether the installation has a builder is not known here'],
    [image.kind === 'missing' && data?.sign !== undefined, 'whether the installation has a signer is not known here'],
    [options.paused, 'the Module is paused: nothing is written for it'],
    [
      data?.registryTLS.insecureSkipTLSVerify === true,
      "the registry's certificate is not checked (insecureSkipTLSVerify)",
    ],
  ];
  return checks.flatMap(([holds, words]) => (holds ? [words] : []));
}

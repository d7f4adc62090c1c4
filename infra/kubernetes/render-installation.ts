import type { Manifest } from '../../shared/kubernetes/objects.ts';
import { renderModuleCrd } from './crd/module-crd.ts';
import { renderEventHooks } from './hooks/event-hooks.ts';
import { type Installation, userOf } from './installation.ts';
import { renderKernelLabelPolicy } from './policies/kernel-label-policy.ts';
import { renderModulePolicy } from './policies/module-policy.ts';
import { renderNodePatchPolicy } from './policies/node-patch-policy.ts';
import { renderFunctionRoles } from './rbac/function-roles.ts';
import { renderConfiguration } from './server/configuration.ts';
import { renderDeployment } from './server/deployment.ts';
import { renderKnativeEvents, renderKnativeService } from './server/knative.ts';
import { renderNamespace } from './server/namespace.ts';
import { renderSweep } from './server/sweep.ts';

/**
 * Everything that a cluster needs, in the order in which it may be applied: what is refused or guarded before who acts, who
 * acts before what calls him.
 */
export function renderInstallation(installation: Installation): Manifest[] {
  const { events, kernelLabel } = installation;
  return [
    ...renderNamespace(installation),
    renderModuleCrd(),
    ...renderModulePolicy(),
    ...renderNodePatchPolicy(userOf(installation)),
    ...(kernelLabel === 'policy' ? renderKernelLabelPolicy() : []),
    ...renderFunctionRoles(installation),
    ...renderServer(installation),
    ...(events.kind === 'hooks' ? [renderEventHooks(installation, events)] : []),
  ];
}

function renderServer(installation: Installation): Manifest[] {
  const { profile, events } = installation;
  switch (profile) {
    case 'lambda':
      return [];
    case 'deployment':
      return [...renderConfiguration(installation), ...renderDeployment(installation)];
    case 'knative':
      return [
        ...renderConfiguration(installation),
        renderKnativeService(installation),
        ...(events.kind === 'broker' ? renderKnativeEvents(installation) : []),
        renderSweep(installation),
      ];
  }
}

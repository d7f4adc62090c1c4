import { renderEvent } from '../desired/events.ts';
import type { NodePatch } from '../desired/node-labels.ts';
import type { RolloutTrigger } from '../events/trigger.ts';
import { prefix } from '../kmm/labels.ts';
import type { Node } from '../kubernetes/objects.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import { writeEvent } from './write-event.ts';

/** KMM's Events on the node for each ready label that came or went. */
export async function publishNodeEvents({ metadata }: Node, patch: NodePatch, ports: TargetPorts): Promise<void> {
  const involved = { apiVersion: 'v1', kind: 'Node', name: metadata.name, uid: metadata.name }; // kubelets name the node as uid
  for (const [label, value] of Object.entries(patch.metadata.labels ?? {})) {
    const module = /^([^./]+\..+)\.ready$/.exec(label.slice(prefix.length))?.[1];
    if (!label.startsWith(prefix) || module === undefined || module.endsWith('.version')) continue;
    const reason = value === null ? 'ModuleUnloaded' : 'ModuleLoaded';
    const message = `Module ${module.replace('.', '/')} ${value === null ? 'unloaded from' : 'loaded into'} the kernel`;
    const transition = patch.metadata.annotations?.[`${prefix}${module}.loaded`] ?? metadata.resourceVersion;
    await writeEvent(renderEvent({ involved, reason, type: 'Normal', message, transition, now: ports.now() }), ports);
  }
}

/** The last words of a loader whose unload failed: only the review of its deletion had them, so this is all that is done with them. */
export async function publishUnloadFailures(triggers: readonly RolloutTrigger[], ports: TargetPorts): Promise<void> {
  for (const { namespace, module, node, unloadFailed } of triggers) {
    if (unloadFailed === undefined) continue;
    const { pod, exitCode, message: words } = unloadFailed;
    const involved = { apiVersion: 'kmm.sigs.x-k8s.io/v1beta1', kind: 'Module', namespace, name: module };
    const message = `${node ?? 'a node'}: pod ${pod} ended with exit code ${exitCode}: ${words}`;
    const event = renderEvent({
      involved,
      reason: 'ModuleUnloadFailed',
      type: 'Warning',
      message,
      transition: pod,
      now: ports.now(),
    });
    await writeEvent(event, ports);
  }
}

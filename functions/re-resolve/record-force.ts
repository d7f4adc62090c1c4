import type { ResolveTrigger } from '../../shared/events/trigger.ts';
import { annotations } from '../../shared/kmm/labels.ts';
import type { ModuleObject } from '../../shared/kubernetes/objects.ts';
import type { TargetPorts } from '../../shared/ports/target-ports.ts';
import { toKnownModule } from '../../shared/reconcile/known-module.ts';
import { parseReResolve } from '../../shared/reconcile/request.ts';
import { selectNode } from '../../shared/reconcile/select-node.ts';

type Ports = Pick<TargetPorts, 'cluster' | 'now' | 'settings'>;

/**
 * A force has to outlive this run: it is written to the Module, as a user would have, and is carried out once, whoever sees
 * it first. Only what is in scope is forced: one kernel, one architecture, what one node runs.
 */
export async function recordForce(trigger: ResolveTrigger, ports: Ports): Promise<void> {
  const { scope, forcedAt } = trigger;
  const time = forcedAt ?? ports.now().toISOString();
  const onlyOf = scope.node === undefined ? () => onlyOfScope(scope) : await onlyOfNode(scope.node, scope, ports);
  for (const module of await modulesIn(scope, ports)) {
    const only = onlyOf(module);
    if (only === undefined || isOlder(time, only, module)) continue;
    const { name, namespace } = module.metadata;
    const key = { name, ...(namespace === undefined ? {} : { namespace }) };
    const value = [time, 'force', ...(only === '' ? [] : [only])].join(' ');
    await ports.cluster.patch('Module', key, { metadata: { annotations: { [annotations.reResolve]: value } } });
  }
}

async function modulesIn({ namespace, module }: ResolveTrigger['scope'], { cluster }: Ports): Promise<ModuleObject[]> {
  const all = await cluster.list('Module', namespace === undefined ? {} : { namespace });
  return all.filter(({ metadata }) => module === undefined || module === metadata.name);
}

/** `<kernel>/<arch>`, with `*` for what the scope leaves open; "": all of the Module; `undefined`: nothing of it. */
type Only = string | undefined;

function onlyOfScope({ kernelVersion, architecture }: ResolveTrigger['scope']): string {
  if (kernelVersion === undefined && architecture === undefined) return '';
  return `${kernelVersion ?? '*'}/${architecture ?? '*'}`;
}

/** The target that a Module has on this node, when it selects the node and the rest of the scope names it too. */
async function onlyOfNode(
  name: string,
  scope: ResolveTrigger['scope'],
  { cluster, settings }: Ports,
): Promise<(module: ModuleObject) => Only> {
  const node = await cluster.get('Node', { name });
  return (module) => {
    if (node === undefined) return undefined;
    const selection = selectNode(toKnownModule(module), node, settings.ignoredTaints);
    if (!selection.selected) return undefined;
    const { kernelVersion, architecture } = selection.target;
    const isNamed =
      [undefined, kernelVersion].includes(scope.kernelVersion) &&
      [undefined, architecture].includes(scope.architecture);
    return isNamed ? `${kernelVersion}/${architecture}` : undefined;
  };
}

/** A message that comes late, or again, must not put an older force in the place of a newer one of the same targets. */
function isOlder(time: string, only: string, { metadata }: ModuleObject): boolean {
  const last = parseReResolve(metadata.annotations[annotations.reResolve]);
  if (last?.force !== true || !(Date.parse(last.time) >= Date.parse(time))) return false;
  return last.only === undefined || last.only === only;
}

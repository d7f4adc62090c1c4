import type { NodeTrigger, Trigger } from '../events/trigger.ts';
import type { ModuleObject, Node } from '../kubernetes/objects.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import { type KnownModule, toKnownModule } from '../reconcile/known-module.ts';
import { mostGets, readListedNodes, readNode } from './read-node.ts';
import type { RunReads } from './run-reads.ts';
import { untilLanded } from './until-landed.ts';

/** What a batch of triggers needs before targets can be selected. */
export interface Fleet {
  modules: KnownModule[];
  /** Nodes that triggers name, as the API has them now. */
  nodes: Map<string, Node>;
  /** All nodes, where a trigger needs them; a list that can't be completed throws. */
  allNodes: Node[] | undefined;
}

const mostModuleGets = 3;

interface ModuleName {
  namespace: string;
  name: string;
}

export async function readFleet(triggers: readonly Trigger[], ports: TargetPorts, reads: RunReads): Promise<Fleet> {
  const [modules, allNodes] = await Promise.all([
    readModules(triggers, ports),
    triggers.some(needsAllNodes) ? reads.allNodes() : undefined,
  ]);
  return { modules, allNodes, nodes: await readNodes(triggers, allNodes, ports, reads) };
}

async function readModules(triggers: readonly Trigger[], ports: TargetPorts): Promise<KnownModule[]> {
  const { cluster } = ports;
  const names = triggers.map(moduleOf);
  const distinct = new Map(
    names.flatMap((name) => (name === undefined ? [] : [[`${name.namespace}/${name.name}`, name]])),
  );
  if (names.includes(undefined) || distinct.size > mostModuleGets) {
    return (await cluster.list('Module')).map(toKnownModule);
  }
  const read = await Promise.all([...distinct.values()].map((key) => readModule(key, promised(triggers, key), ports)));
  return read.flatMap((module) => (module === undefined ? [] : [toKnownModule(module)]));
}

/** The newest generation that reviews of this Module showed; 0: none did. */
function promised(triggers: readonly Trigger[], { namespace, name }: ModuleName): number {
  const shown = triggers.flatMap((trigger) =>
    trigger.kind === 'module' && trigger.namespace === namespace && trigger.name === name
      ? (trigger.generation ?? 0)
      : [],
  );
  return Math.max(0, ...shown);
}

function readModule(
  key: ModuleName,
  generation: number,
  { cluster, sleep }: TargetPorts,
): Promise<ModuleObject | undefined> {
  return untilLanded(
    () => cluster.get('Module', key),
    (module) => (module?.metadata.generation ?? 0) >= generation,
    sleep,
  );
}

/** The one Module that a trigger is about; `undefined`: any may be concerned. */
function moduleOf(trigger: Trigger): ModuleName | undefined {
  switch (trigger.kind) {
    case 'module':
      return { namespace: trigger.namespace, name: trigger.name };
    case 'rollout':
    case 'job':
      return { namespace: trigger.namespace, name: trigger.module };
    case 'finished':
      return { namespace: trigger.target.namespace, name: trigger.target.module };
    case 'resolve': {
      const { namespace, module } = trigger.scope;
      return namespace === undefined || module === undefined ? undefined : { namespace, name: module };
    }
    case 'node':
    case 'image':
    case 'dockerfile':
      return undefined;
  }
}

function needsAllNodes(trigger: Trigger): boolean {
  if (trigger.kind === 'module') return !trigger.deleted;
  return trigger.kind === 'resolve' && trigger.cause !== 'retry' && trigger.scope.node === undefined;
}

async function readNodes(
  triggers: readonly Trigger[],
  allNodes: readonly Node[] | undefined,
  ports: TargetPorts,
  reads: RunReads,
): Promise<Map<string, Node>> {
  const asked = new Map(triggers.flatMap((trigger) => nodeOf(trigger)).map((node) => [node.name, node]));
  const nodes =
    allNodes !== undefined || asked.size > mostGets
      ? await readListedNodes([...asked.values()], ports, reads)
      : await Promise.all([...asked.values()].map((node) => readNode(node, ports, reads)));
  return new Map(nodes.flatMap((node) => (node === undefined ? [] : [[node.metadata.name, node]])));
}

function nodeOf(trigger: Trigger): Pick<NodeTrigger, 'name' | 'hint'>[] {
  if (trigger.kind === 'node') return trigger.change === 'left' ? [] : [trigger];
  if (trigger.kind === 'rollout') return trigger.node === undefined ? [] : [{ name: trigger.node }];
  return trigger.kind === 'resolve' && trigger.scope.node !== undefined ? [{ name: trigger.scope.node }] : [];
}

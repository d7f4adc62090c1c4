import { annotations, labels } from '../../shared/kmm/labels.ts';
import type { TargetPorts } from '../../shared/ports/target-ports.ts';
import { Decision, LabelledNode, type LookUp } from './function-run.ts';
import { type DaemonSetWrite, observeCluster } from './observe-cluster.ts';
import { observeImages } from './observe-images.ts';
import type { Run, Tell } from './stack-event.ts';

/** One run under observation. */
export interface ObservedRun {
  ports: TargetPorts;
  end(failures: string[]): void;
}

/**
 * Ports that tell what passes through them, each decision as soon as it is logged. A run that meets somebody else's write plans
 * again, so that it decides the same twice: that is told once.
 */
export function observeRun(run: Run, ports: TargetPorts, tell: Tell): ObservedRun {
  const lookUps = new Set<LookUp>();
  const writes = new Map<string, DaemonSetWrite>();
  const labelled: LabelledNode[] = [];
  const told = new Set<string>();

  function decide(decision: Decision): void {
    const { target, image } = decision;
    const asked = [...lookUps].filter(
      ({ reference, architecture }) => reference === image && architecture === target.architecture,
    );
    const written = [...writes].filter(([, write]) => isOf(write, decision));
    for (const lookUp of asked) lookUps.delete(lookUp);
    for (const [key] of written) writes.delete(key);
    const key = JSON.stringify(decision);
    if (told.has(key)) return;
    told.add(key);
    tell({ kind: 'decided', run, decision, lookUps: asked, writes: written.map(([, write]) => write) });
  }

  tell({ kind: 'run-started', run });
  return {
    ports: {
      ...ports,
      images: observeImages(ports.images, (lookUp) => lookUps.add(lookUp)),
      cluster: observeCluster(ports.cluster, (write) => writes.set(`${write.kind} ${write.name}`, write)),
      log: {
        ...ports.log,
        info(message, fields) {
          ports.log.info(message, fields);
          // Who only looks on must not fail a run: what is not understood is not told.
          const decision = message === 'target' ? Decision.safeParse(fields).data : undefined;
          const node = message === 'node labels' ? LabelledNode.safeParse(fields).data : undefined;
          if (decision) decide(decision);
          if (node) labelled.push(node);
        },
      },
    },
    end: (failures) =>
      tell({ kind: 'run-ended', run, lookUps: [...lookUps], writes: [...writes.values()], labelled, failures }),
  };
}

function isOf(write: DaemonSetWrite, { target }: Decision): boolean {
  if (write.kind !== 'applied') return false;
  const { namespace, labels: given = {}, annotations: noted = {} } = write.manifest.metadata;
  return (
    namespace === target.namespace &&
    given[labels.moduleName] === target.module &&
    noted[annotations.kernelVersion] === target.kernelVersion &&
    noted[annotations.architecture] === target.architecture
  );
}

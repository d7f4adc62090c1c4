import { annotations, entryKey, labels, roles } from '../../shared/kmm/labels.ts';
import { type KernelEntry, parseModuleStatus, type State } from '../../shared/kmm/status.ts';
import type { FleetView } from './fleet-view.ts';
import type { SampleKernel } from './sample-fleet.ts';
import { sampleNames } from './sample-module.ts';

/** Where a target has to be: its state, and the digest that its nodes run, where that is known. */
export interface Expected {
  kernel: SampleKernel;
  ends: { state: State; reason: string };
  digest?: string;
}

const { namespace, module } = sampleNames;

/** What is not as it should be, in words; nothing when all is. Looks at the status, the DaemonSets and the nodes alike. */
export function checkFleet(view: FleetView, expected: readonly Expected[]): string[] {
  if (view.module === undefined) return [`the Module ${namespace}/${module} is not there`];
  const { kernels } = parseModuleStatus(view.module.status);
  return expected.flatMap((target) => {
    const entry = kernels[entryKey(target.kernel)];
    const wrong = checkEntry(entry, target) ?? checkDaemonSet(view, target) ?? checkNodes(view, target);
    return wrong === undefined ? [] : [`${entryKey(target.kernel)}: ${wrong}`];
  });
}

function checkEntry(entry: KernelEntry | undefined, { ends, digest }: Expected): string | undefined {
  if (entry === undefined) return `no entry in status.kernels, expected ${ends.state}`;
  if (entry.state !== ends.state || entry.reason !== ends.reason)
    return `expected ${ends.state} (${ends.reason}), but it is ${entry.state} (${entry.reason}): ${entry.message}`;
  return digest !== undefined && entry.digest !== digest
    ? `expected ${digest} to run, but it is ${entry.digest}`
    : undefined;
}

function checkDaemonSet({ daemonSets }: FleetView, { kernel, ends, digest = '' }: Expected): string | undefined {
  const found = daemonSets.find(
    ({ metadata }) =>
      metadata.labels[labels.role] === roles.moduleLoader &&
      metadata.annotations[annotations.kernelVersion] === kernel.kernelVersion &&
      metadata.annotations[annotations.architecture] === kernel.architecture,
  );
  if (ends.state !== 'Ready') return found && `expected no DaemonSet, but there is ${found.metadata.name}`;
  if (found === undefined) return 'it has no DaemonSet';
  const { name } = found.metadata;
  const images = found.spec.template.spec.containers.map(({ image }) => image ?? '');
  if (!images.some((image) => image.endsWith(digest))) return `DaemonSet ${name} runs ${images.join(', ')}`;
  const { desiredNumberScheduled = 0, numberAvailable = 0 } = found.status ?? {};
  const wanted = kernel.nodes.length;
  return desiredNumberScheduled < wanted || numberAvailable < desiredNumberScheduled
    ? `DaemonSet ${name} is available on ${numberAvailable} of ${desiredNumberScheduled} nodes, expected ${wanted}`
    : undefined;
}

function checkNodes({ nodes }: FleetView, { kernel, ends }: Expected): string | undefined {
  const marks = [labels.ready(namespace, module), labels.devicePluginReady(namespace, module)];
  for (const name of kernel.nodes) {
    const node = nodes.find(({ metadata }) => metadata.name === name);
    if (node === undefined) return `node ${name} is not there`;
    const has = marks.filter((mark) => mark in node.metadata.labels);
    if (ends.state === 'Ready' && has.length < marks.length)
      return `node ${name} lacks the label ${marks.find((mark) => !has.includes(mark))}`;
    if (ends.state !== 'Ready' && has.length > 0) return `node ${name} bears the label ${has[0]}`;
  }
  return undefined;
}

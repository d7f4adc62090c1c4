import type { Cluster } from '../../../shared/ports/cluster.ts';
import { UsageError } from '../errors.ts';
import { findKubeconfig } from '../find-kubeconfig.ts';
import { parseModuleKey } from '../input/parse-module-key.ts';
import type { ExitCode, Io } from '../io.ts';
import { type Format, print } from '../output/print.ts';
import { withProgress } from '../output/progress.ts';
import { say } from '../output/say.ts';
import { styleFor } from '../output/style.ts';
import type { CliPorts } from '../ports.ts';
import { nodeStory } from './node-story.ts';
import { type Explained, readExplained } from './read-explained.ts';
import type { ModuleStory, TargetStory } from './story.ts';
import { moduleText, nodeText } from './story-text.ts';
import { targetStories } from './target-story.ts';

export interface ExplainOptions {
  kernel?: string;
  node?: string;
  kubeconfig?: string;
  output: Format;
}

/** `kmm explain`: how a Module stands in a cluster, and what to do next. */
export async function explain(name: string, options: ExplainOptions, io: Io, ports: CliPorts): Promise<ExitCode> {
  const key = parseModuleKey(name);
  const cluster = await ports.connect(await findKubeconfig(options.kubeconfig, io));
  const reading = readExplained(cluster, key, options.node, ports.now());
  const explained = await withProgress(io, 'reading the cluster', reading);
  if (explained === undefined) return noSuchModule(name, cluster, io);
  return options.node === undefined
    ? explainModule(explained, options, io)
    : explainNode(explained, options.node, options, io);
}

async function explainModule(explained: Explained, options: ExplainOptions, io: Io): Promise<ExitCode> {
  const story = moduleStory(explained, options.kernel);
  const table = () => moduleText(story, styleFor(io.stdout, io.env), explained.now);
  await print(io, options.output, { value: story, table });
  const fine = options.kernel === undefined ? ['Ready', 'NoMapping'] : ['Ready'];
  return story.targets.every(({ state }) => state !== undefined && fine.includes(state)) ? 0 : 1;
}

async function explainNode(explained: Explained, name: string, options: ExplainOptions, io: Io): Promise<ExitCode> {
  const [node] = explained.nodes;
  if (node === undefined) {
    say(io, `There is no node ${name} in this cluster: "kubectl get nodes" lists them.`);
    return 1;
  }
  const story = nodeStory(explained, node);
  const table = () => nodeText(story, styleFor(io.stdout, io.env), explained.now);
  await print(io, options.output, { value: story, table });
  return story.loaded ? 0 : 1;
}

function moduleStory(explained: Explained, kernel: string | undefined): ModuleStory {
  const { module } = explained;
  const { conditions, devicePlugin } = module.status;
  const targets = targetStories(explained);
  return {
    namespace: module.namespace,
    module: module.name,
    conditions: conditions.map(({ type, status, reason, message }) => ({ type, status, reason, message })),
    ...(devicePlugin === undefined ? {} : { devicePlugin }),
    targets: kernel === undefined ? targets : ofKernel(targets, kernel),
  };
}

function ofKernel(targets: readonly TargetStory[], kernel: string): TargetStory[] {
  const found = targets.filter(({ kernelVersion }) => kernelVersion === kernel);
  if (found.length > 0) return found;
  const known = [...new Set(targets.map(({ kernelVersion }) => kernelVersion))];
  const list =
    known.length === 0 ? 'no selected node reports any kernel' : `its nodes report ${known.slice(0, 10).join(', ')}`;
  throw new UsageError(
    `No selected node of the Module reports the kernel ${kernel}: ${list}. "kmm resolve --kernel ${kernel}" says what its file would give.`,
  );
}

async function noSuchModule(name: string, cluster: Pick<Cluster, 'list'>, io: Io): Promise<ExitCode> {
  const names = (await cluster.list('Module')).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  const others =
    names.length === 0
      ? 'there are none'
      : `there are ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}`;
  say(io, `There is no Module ${name} in this cluster: ${others}.`);
  return 1;
}

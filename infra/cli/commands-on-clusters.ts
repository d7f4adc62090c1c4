import { type Command, Option } from 'commander';
import { addCommand, option } from './add-command.ts';
import type { Context } from './context.ts';
import { addEvents } from './events/add-events.ts';
import type { ExplainOptions } from './explain/explain.ts';
import { addInstall } from './install/add-install.ts';
import { addMigrate } from './migrate/add-migrate.ts';
import type { ReResolveOptions } from './re-resolve/re-resolve.ts';

/** The commands that speak to a cluster, and the one that starts a small one. */
export function addClusterCommands(program: Command, context: Context): void {
  program.commandsGroup('Commands on clusters:');
  addExplain(program, context);
  addReResolve(program, context);
  addInstall(program, context);
  addMigrate(program, context);
  program.commandsGroup('Other commands:');
  addEvents(program, context);
  addStart(program, context);
}

function addExplain(program: Command, { io, ports, done }: Context): void {
  addCommand(program, {
    name: 'explain <namespace/name>',
    summary: 'Say how a Module stands, and why not',
    description:
      'Say how a Module of a cluster stands on each kernel: mapping, image, state, what comes next, the last error.\n' +
      'With --node: why the module is, or is not, loaded on that node. Exit code 1 when it is not.',
    examples: [
      'kmm explain drivers/nic',
      'kmm explain drivers/nic --kernel 6.1.0-18-cloud-amd64',
      'kmm explain drivers/nic --node worker-1 -o json',
    ],
  })
    .addOption(new Option('-k, --kernel <version>', 'Only this kernel').conflicts('node'))
    .addOption(new Option('-n, --node <name>', 'Only this node'))
    .addOption(option.kubeconfig())
    .addOption(option.output())
    .action(async (name: string, options: ExplainOptions) => {
      const { explain } = await import('./explain/explain.ts');
      done(await explain(name, options, io, ports));
    });
}

function addReResolve(program: Command, { io, ports, done }: Context): void {
  addCommand(program, {
    name: 're-resolve',
    summary: 'Have Modules looked at anew',
    description:
      "Have Modules looked at anew, as if nothing were known: by an annotation on the Module (what RBAC allows), or at the functions' door.\n" +
      '--force builds and signs anew though the image is there; --rollout renders the DaemonSets anew, which reloads the module.\n' +
      "The door's secret is read from the variable KMM_DOOR_SECRET, never from an argument.",
    examples: [
      'kmm re-resolve --module drivers/nic',
      'kmm re-resolve --module drivers/nic --kernel 6.1.0-18-cloud-amd64 --force',
      'KMM_DOOR_SECRET=… kmm re-resolve --door https://kmm.example/events/manual/ops --node worker-1',
    ],
  })
    .addOption(new Option('-m, --module <namespace/name>', 'Only this Module'))
    .addOption(new Option('-k, --kernel <version>', 'Only this kernel').conflicts('node'))
    .addOption(new Option('--arch <arch>', 'Only this architecture'))
    .addOption(new Option('-n, --node <name>', 'Only the kernel of this node'))
    .addOption(new Option('--force', 'Build and sign anew').conflicts('rollout'))
    .addOption(new Option('--rollout', 'Render the DaemonSets anew'))
    .addOption(
      new Option('--sweep', 'At a door: as a clock asks, what is Ready once an hour').conflicts(['force', 'rollout']),
    )
    .addOption(option.kubeconfig().conflicts('door'))
    .addOption(new Option('--door <url>', "The functions' door for manual calls, https://…/events/manual/<name>"))
    .addOption(option.output())
    .action(async (options: ReResolveOptions) => {
      const { reResolve } = await import('./re-resolve/re-resolve.ts');
      done(await reResolve(options, io, ports));
    });
}

/** Its options stand here for the help; `startCommand` gets what followed `start` as it was written. */
function addStart(program: Command, { argv, io, done }: Context): void {
  addCommand(program, {
    name: 'start',
    summary: 'Run all functions here, and watch them work',
    description:
      'Run all functions in one process: with an embedded cluster and registry, where a story is told, or against a cluster.\n' +
      'It stays until Ctrl-C. With --once it ends after the story; exit code 0 only if every target reached the state that it should.',
    examples: ['kmm start', 'kmm start --once', 'kmm start --data ./data', 'kmm start --kubeconfig ~/.kube/config'],
  })
    .option('--once', 'End after the story')
    .option('--data <dir>', 'Keep the embedded cluster and registry here')
    .option('--kubeconfig <file>', 'Take this cluster instead of the embedded one')
    .option('--registry <host:port>', 'With --kubeconfig: a registry on this machine that is asked by http')
    .option('--fault <kind>', 'Break the registry of the story: unavailable, unauthorized, rate-limited or slow')
    .option('--patience <seconds>', 'With --once: how long to wait for the last state')
    .option('-o, --output <format>', 'How to tell it: text or json (one event a line)')
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async () => {
      const { startCommand } = await import('./start.ts');
      done(await startCommand(argv.slice(argv.indexOf('start') + 1), io));
    });
}

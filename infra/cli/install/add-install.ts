import { type Command, Option } from 'commander';
import { addCommand } from '../add-command.ts';
import type { Context } from '../context.ts';
import type { InstallOptions } from './to-installation.ts';

export function addInstall(program: Command, { io, done }: Context): void {
  addCommand(program, {
    name: 'install',
    summary: 'Print the manifests of an installation',
    description:
      'Print what a cluster needs, for "kubectl apply -f -": the CRD, policies, rights, hooks, and the server. Reads nothing from the cluster.\n' +
      'Events: with --sink or --tls-secret the API server calls the functions; otherwise the server watches, or Knative does (a broker; scales to zero).\n' +
      'Secrets are read from KMM_HOOK_SECRET (in the path of the hooks) and KMM_DOOR_SECRET (of the manual door), and made anew where they are not set.',
    examples: [
      'kmm install --image registry.example/kmm-functions:0.1.0 | kubectl apply -f -',
      'kmm install --image … --namespaces drivers,storage --kernel-label policy',
      'kmm install --image … --tls-secret kmm-tls --inject-ca-from kmm-functions/kmm-tls',
      'kmm install --profile knative --image … --sink https://kmm.example',
      'kmm install --profile lambda --sink https://abc.lambda-url.eu-central-1.on.aws',
      'KMM_HOOK_SECRET=… kmm install --image … --sink https://kmm.example --rotate',
    ],
  })
    .addOption(
      new Option('--profile <profile>', 'Where the functions run')
        .choices(['deployment', 'knative', 'lambda'])
        .default('deployment'),
    )
    .addOption(new Option('--image <image>', 'The server image'))
    .addOption(new Option('--sink <url>', 'The https address at which the API server reaches the functions'))
    .addOption(new Option('--rotate', 'A new secret for the hooks; the one in KMM_HOOK_SECRET stays valid beside it'))
    .addOption(new Option('--namespaces <list...>', 'Serve Modules of these namespaces only, with rights in them only'))
    .addOption(new Option('--namespace <name>', 'Where the server lives').default('kmm-functions'))
    .addOption(new Option('--cluster-name <name>', 'How logs call this cluster').default('kubernetes'))
    .addOption(new Option('--loader-image <image>', 'The loader image, which makes the "copy" shape the default'))
    .addOption(
      new Option('--kernel-label <by>', 'Who labels nodes with their kernel; policy needs Kubernetes 1.36')
        .choices(['policy', 'function'])
        .default('function'),
    )
    .addOption(
      new Option('--tls-secret <name>', 'A TLS Secret that you fill and renew: the server serves https with it'),
    )
    .addOption(new Option('--ca-bundle <file>', "PEM of the authority that signed the door's certificate"))
    .addOption(
      new Option(
        '--inject-ca-from <namespace/name>',
        'A cert-manager Certificate, whose injector fills in the authority',
      ),
    )
    .addOption(
      new Option(
        '--ignore-taint <key...>',
        'More taints that come and go by themselves (a prefix with "/" at its end)',
      ),
    )
    .addOption(new Option('--user <name>', 'Lambda: the user as which the functions come').default('kmm-functions'))
    .addOption(new Option('-o, --output <format>', 'How to print').choices(['yaml', 'json']).default('yaml'))
    .action(async (options: InstallOptions) => {
      const { install } = await import('./install.ts');
      done(await install(options, io));
    });
}

import { type Command, Option } from 'commander';

/** One line of `kmm --help`, and what `kmm <name> --help` adds to it. */
export interface CommandText {
  name: string;
  /** For the list of commands. */
  summary: string;
  description: string;
  examples: readonly string[];
}

export function addCommand(program: Command, { name, summary, description, examples }: CommandText): Command {
  return program
    .command(name)
    .summary(summary)
    .description(description)
    .helpOption('-h, --help', 'Show this help')
    .showHelpAfterError(`See "kmm ${name.split(' ')[0]} --help".`)
    .addHelpText('after', ['\nExamples:', ...examples.map((example) => `  ${example}`)].join('\n'));
}

export const option = {
  files: () =>
    new Option(
      '-f, --filename <file...>',
      'Files, folders (their .yaml, .yml and .json files) or - for standard input',
    ),
  recursive: () => new Option('-R, --recursive', 'Go down into the folders that -f names'),
  output: () => new Option('-o, --output <format>', 'How to print').choices(['table', 'json', 'yaml']).default('table'),
  stdin: () =>
    new Option(
      '--stdin',
      'Answer JSON lines from standard input, one line out for each; exit code 2 when one was malformed',
    ),
  kernels: () => new Option('-k, --kernel <version...>', 'Kernel versions, as "uname -r" prints them'),
  architecture: () => new Option('--arch <arch>', 'Architecture as Kubernetes names it').default('amd64'),
  kubeconfig: () => new Option('--kubeconfig <file>', 'Otherwise KUBECONFIG or ~/.kube/config'),
  dockerConfig: () => new Option('--docker-config <file>', 'Credentials for registries, as docker login writes them'),
  plainHttp: () =>
    new Option(
      '--plain-http <host...>',
      'Registries (host[:port]) that are asked by http; they may be on this machine',
    ),
  registryCa: () => new Option('--registry-ca <file>', "PEM certificates to trust besides the system's"),
  loaderImage: () =>
    new Option(
      '--loader-image <image>',
      'The loader image of the installation, which makes the "copy" shape the default',
    ),
};

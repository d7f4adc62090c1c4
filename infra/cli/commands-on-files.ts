import { type Command, Option } from 'commander';
import { addCommand, option } from './add-command.ts';
import type { Context } from './context.ts';
import type { LintOptions } from './lint/lint.ts';
import type { PlanOptions } from './plan/plan.ts';
import type { PreflightOptions } from './preflight/preflight.ts';
import type { RenderOptions } from './render/render.ts';
import type { ResolveOptions } from './resolve/resolve.ts';

/** The commands that take `-f`. */
export function addFileCommands(program: Command, context: Context): void {
  program.commandsGroup('Commands on files:');
  addLint(program, context);
  addResolve(program, context);
  addRender(program, context);
  addPlan(program, context);
  addPreflight(program, context);
}

function addLint(program: Command, { io, done }: Context): void {
  addCommand(program, {
    name: 'lint',
    summary: 'Find what is wrong in Modules',
    description:
      'Find what is wrong in Modules: every rule that KMM has, and what users get wrong without being told.\n' +
      'Defaults are filled in first. Exit code 1 when there is an error; warnings alone are 0.\n' +
      'With --stdin each line is {"module": {…}} and is answered by {"findings": […]}; the exit code is then 0.',
    examples: [
      'kmm lint -f module.yaml',
      'kmm lint -f modules/ -R -o json',
      'kubectl get modules -A -o yaml | kmm lint -f -',
    ],
  })
    .addOption(option.files())
    .addOption(option.recursive())
    .addOption(option.output())
    .addOption(option.stdin())
    .action(async (options: LintOptions) => {
      const { lint } = await import('./lint/lint.ts');
      done(await lint(options, io));
    });
}

function addResolve(program: Command, { io, done }: Context): void {
  addCommand(program, {
    name: 'resolve',
    summary: 'Show which mapping and image a kernel gets',
    description:
      'Show which kernel mapping and image a kernel gets, with templates replaced and levels merged.\n' +
      'One entry for each Module and kernel. Exit code 1 when one of them is "no-mapping" or "invalid".\n' +
      'With --stdin each line is {"module": {…}, "kernelVersion": "…"} and is answered by its entry; the exit code is then 0.',
    examples: [
      'kmm resolve -f module.yaml --kernel 6.1.0-18-cloud-amd64',
      'kmm resolve -f modules/ --kernel "$(uname -r)" -o json',
    ],
  })
    .addOption(option.files())
    .addOption(option.recursive())
    .addOption(option.kernels())
    .addOption(option.output())
    .addOption(option.stdin())
    .action(async (options: ResolveOptions) => {
      const { resolve } = await import('./resolve/resolve.ts');
      done(await resolve(options, io));
    });
}

function addRender(program: Command, { io, done }: Context): void {
  addCommand(program, {
    name: 'render',
    summary: 'Show the DaemonSets that a Module becomes',
    description:
      'Show the objects that a Module becomes: a loader DaemonSet for each kernel, and the device plugin. Nothing is asked or written.\n' +
      'Exit code 1 when a Module gives no loader for a kernel (no mapping, or invalid).\n' +
      'With --stdin each line is {"module": {…}, "kernelVersion": "…", "architecture"?, "digest"?} and is answered by {"objects": […]}.',
    examples: [
      'kmm render -f module.yaml --kernel 6.1.0-18-cloud-amd64 -o yaml',
      'kmm render -f module.yaml --kernel 6.1.0-18-cloud-arm64 --arch arm64 --digest sha256:… -o json',
    ],
  })
    .addOption(option.files())
    .addOption(option.recursive())
    .addOption(option.kernels())
    .addOption(option.architecture())
    .addOption(new Option('--digest <digest>', 'Digest of the image, sha256:… (without it: a placeholder of zeros)'))
    .addOption(option.loaderImage())
    .addOption(option.output())
    .addOption(option.stdin())
    .action(async (options: RenderOptions) => {
      const { render } = await import('./render/render.ts');
      done(await render(options, io));
    });
}

function addPlan(program: Command, { io, ports, done }: Context): void {
  addCommand(program, {
    name: 'plan',
    summary: 'Ask the registry and say what would be done',
    description:
      'Ask the registry for the images of Modules, and say for each kernel what would be done and why. Nothing is written.\n' +
      'With --kubeconfig the cluster is read as well: its DaemonSets, status, pull secrets and, without --kernel, the kernels of its nodes;\n' +
      'then it also says on how many nodes a change reloads the module. Exit code 1 when something stands in the way of a kernel.',
    examples: [
      'kmm plan -f module.yaml --kernel 6.1.0-18-cloud-amd64',
      'kmm plan -f module.yaml --kernel 6.1.0-18-cloud-amd64 --docker-config ~/.docker/config.json',
      'kmm plan -f modules/ --kubeconfig ~/.kube/config',
    ],
  })
    .addOption(option.files())
    .addOption(option.recursive())
    .addOption(option.kernels())
    .addOption(option.architecture())
    .addOption(option.dockerConfig())
    .addOption(option.plainHttp())
    .addOption(option.registryCa())
    .addOption(new Option('--kubeconfig <file>', 'Read the cluster of this file too'))
    .addOption(option.loaderImage())
    .addOption(option.output())
    .action(async (options: PlanOptions) => {
      const { plan } = await import('./plan/plan.ts');
      done(await plan(options, io, ports));
    });
}

function addPreflight(program: Command, { io, ports, done }: Context): void {
  addCommand(program, {
    name: 'preflight',
    summary: 'Say what would happen on a kernel that is to come',
    description:
      'Say for each Module what would happen on a kernel: which mapping, whether the image is there, would be built or signed, or why not.\n' +
      'Without -f all Modules of the cluster are looked at, with their own pull secrets, Dockerfiles and keys. Nothing is written or built;\n' +
      'that the installation has a builder and a signer is assumed. Exit code 1 when a Module would not be served.',
    examples: [
      'kmm preflight --kernel 6.1.0-19-cloud-amd64',
      'kmm preflight --kernel 6.1.0-19-cloud-arm64 --arch arm64 -o json',
      'kmm preflight --kernel 6.1.0-19-cloud-amd64 -f modules/',
    ],
  })
    .addOption(new Option('-k, --kernel <version>', 'The kernel version, as "uname -r" prints it'))
    .addOption(option.architecture())
    .addOption(option.files())
    .addOption(option.recursive())
    .addOption(option.kubeconfig())
    .addOption(option.dockerConfig())
    .addOption(option.plainHttp())
    .addOption(option.registryCa())
    .addOption(option.output())
    .action(async (options: PreflightOptions) => {
      const { preflight } = await import('./preflight/preflight.ts');
      done(await preflight(options, io, ports));
    });
}

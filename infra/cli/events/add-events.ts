import { type Command, Option } from 'commander';
import { addCommand, option } from '../add-command.ts';
import type { Context } from '../context.ts';
import type { DecodeOptions } from './decode.ts';
import type { SendOptions } from './send.ts';

/** `kmm events`: what a registry tells, for people who set up webhooks. */
export function addEvents(program: Command, context: Context): void {
  const events = addCommand(program, {
    name: 'events',
    summary: 'Decode and send events of registries',
    description: 'Say what an event of a registry would do, and send a sample of one: for people who set up webhooks.',
    examples: [
      'kmm events decode --source harbor event.json',
      'KMM_DOOR_SECRET=… kmm events send --source harbor --url https://kmm.example/events/harbor/main',
    ],
  });
  addDecode(events, context);
  addSend(events, context);
}

const sourceOption = () => new Option('-s, --source <source>', 'The kind of sender, as the configuration calls it');

function addDecode(events: Command, { io, ports, done }: Context): void {
  addCommand(events, {
    name: 'decode <file>',
    summary: 'Say what an event would do',
    description:
      'Say what an event would do: what it comes down to, which function wakes, and with Modules which targets it is about.\n' +
      'The file holds the body of a request, or a recording of one ({"headers": {…}, "body": …}); - is standard input.\n' +
      'No secret is asked for or checked, and nothing is sent. Exit code 1 when the event would do nothing.',
    examples: [
      'kmm events decode --source distribution event.json',
      'kmm events decode -H "X-GitHub-Event: package" --source ghcr body.json --kubeconfig ~/.kube/config',
      'kmm events send --source quay --image quay.io/drivers/nic:6.1.0 --print | kmm events decode - -f modules/ --kernel 6.1.0',
    ],
  })
    .addOption(sourceOption())
    .addOption(new Option('-H, --header <header...>', 'A header of the request, as "Name: value"'))
    .addOption(new Option('--registry <host>', "What the source's `registry` says in the configuration"))
    .addOption(new Option('--host-alias <event=image...>', 'As `registries.hostAliases` in the configuration'))
    .addOption(option.files())
    .addOption(option.recursive())
    .addOption(option.kernels())
    .addOption(option.architecture())
    .addOption(new Option('--kubeconfig <file>', 'Read the Modules of this cluster, and how they stand'))
    .addOption(option.output())
    .action(async (file: string, options: DecodeOptions) => {
      const { decode } = await import('./decode.ts');
      done(await decode(file, options, io, ports));
    });
}

function addSend(events: Command, { io, ports, done }: Context): void {
  addCommand(events, {
    name: 'send',
    summary: 'Send a sample event, signed as its source signs',
    description:
      "Send a sample event of a source to a running installation, proven as that source proves itself, and say the door's answer.\n" +
      'The secret (for Google an identity token) is read from a variable, never from an argument. Without --image the event is of an\n' +
      'image that nobody has, which shows that the door takes it. Exit code 1 when the door refuses it or nothing was queued.',
    examples: [
      'KMM_DOOR_SECRET=… kmm events send --source distribution --url https://kmm.example/events/distribution/main',
      'kmm events send --source ghcr --secret-env GITHUB_SECRET --image ghcr.io/acme/nic:6.1.0 --url https://kmm.example',
      'kmm events send --source harbor --image harbor.example/drivers/nic:6.1.0 --delete --print',
    ],
  })
    .addOption(sourceOption().makeOptionMandatory())
    .addOption(
      new Option(
        '-u, --url <url>',
        'The address of the source, or of the server (then the source is called "main")',
      ).default('http://127.0.0.1:8080'),
    )
    .addOption(new Option('--secret-env <variable>', 'The variable that holds the secret').default('KMM_DOOR_SECRET'))
    .addOption(
      new Option('--secret-in <place>', 'Where it goes, if not where the source puts it (a header, or "path")'),
    )
    .addOption(
      new Option('--mode <mode>', 'For a source that knows two ways').choices(['token', 'hmac']).default('token'),
    )
    .addOption(new Option('-i, --image <reference>', 'The image that the event is about'))
    .addOption(new Option('--delete', 'It was deleted, not pushed'))
    .addOption(new Option('--print', 'Print the request instead, without any secret'))
    .addOption(option.output())
    .action(async (options: SendOptions) => {
      const { send } = await import('./send.ts');
      done(await send(options, io, ports));
    });
}

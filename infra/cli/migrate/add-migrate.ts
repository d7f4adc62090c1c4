import type { Command } from 'commander';
import { addCommand, option } from '../add-command.ts';
import type { Context } from '../context.ts';
import type { MigrateOptions } from './migrate.ts';

export function addMigrate(program: Command, { io, ports, done }: Context): void {
  addCommand(program, {
    name: 'migrate',
    summary: 'Take KMM out of a cluster, with its modules left loaded',
    description:
      'Take KMM 1.x or 2.x out of a cluster and leave every kernel module loaded: its webhooks, finalizers, worker pods, helper objects,\n' +
      'DaemonSets and labels. Modules stay as they are, for the functions. Refused while the operator is scaled up.\n' +
      'What needs a hand (loader pods of KMM 1.x, whose end unloads) is told. It may be broken off and run again.',
    examples: ['kmm migrate --dry-run', 'kmm migrate', 'kmm migrate --dry-run -o json'],
  })
    .option('--dry-run', 'Say what would be done, and do nothing')
    .addOption(option.kubeconfig())
    .addOption(option.output())
    .action(async (options: MigrateOptions) => {
      const { migrate } = await import('./migrate.ts');
      done(await migrate(options, io, ports));
    });
}

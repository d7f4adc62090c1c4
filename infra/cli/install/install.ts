import type { Installation } from '../../kubernetes/installation.ts';
import { renderInstallation } from '../../kubernetes/render-installation.ts';
import type { ExitCode, Io } from '../io.ts';
import { print } from '../output/print.ts';
import { type InstallOptions, toInstallation } from './to-installation.ts';

/**
 * `kmm install`: everything that a cluster needs, for `kubectl apply -f -`. Reads nothing from the cluster. With the secrets
 * given it prints the same each time.
 */
export async function install(options: InstallOptions, io: Io): Promise<ExitCode> {
  const installation = await toInstallation(options, io);
  const items = renderInstallation(installation);
  await print(io, options.output, {
    value: { apiVersion: 'v1', kind: 'List', items },
    documents: items,
    table: () => '',
  });
  for (const note of notes(installation, options, io)) io.stderr.write(`note: ${note}\n`);
  return 0;
}

/** What the manifests can't say. Never a secret's value: it is in the manifests, and nowhere else. */
function notes({ namespace, profile, events, user }: Installation, options: InstallOptions, io: Io): string[] {
  const all: [when: boolean, note: string][] = [
    [
      options.rotate === true,
      'the hooks bear a new secret, and both are valid. Once this is applied, run it again with KMM_HOOK_SECRET set to the new one and without --rotate: then only that is valid',
    ],
    [
      events.kind !== 'watch' && !io.env['KMM_HOOK_SECRET'],
      `a new path secret was made. To keep it in later runs set KMM_HOOK_SECRET to the key "hook" of the Secret ${profile === 'lambda' ? 'that you make of it' : `${namespace}/kmm-functions`}`,
    ],
    [
      profile === 'lambda',
      `let the functions' role be the user "${user}" of the cluster (EKS: an access entry with that user name), and give them the secret in the hooks' path as one of clusterHookSecrets`,
    ],
    [
      events.kind === 'hooks' && events.door.kind === 'service',
      'who fills the TLS Secret renews it too; the server takes a new certificate by itself',
    ],
  ];
  return all.flatMap(([when, note]) => (when ? [note] : []));
}

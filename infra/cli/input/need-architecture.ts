import { InvalidInput } from '../../../shared/kmm/errors.ts';

/** What `uname -m` says, which Kubernetes calls otherwise. */
const aliases: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64', armv7l: 'arm', i686: '386' };

/** Throws InvalidInput for what is no architecture of Kubernetes. */
export function needArchitecture(text: string): string {
  const known = Object.hasOwn(aliases, text) ? aliases[text] : undefined;
  if (known !== undefined)
    throw new InvalidInput(`"${text}" is what "uname -m" says: Kubernetes calls it ${known}`, 'architecture');
  if (/^[a-z0-9]{1,20}$/.test(text)) return text;
  throw new InvalidInput(
    `"${text}" is no architecture: write it as Kubernetes does, as amd64 or arm64`,
    'architecture',
  );
}

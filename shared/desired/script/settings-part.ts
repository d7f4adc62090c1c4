import { contentHash } from '../canonical-json.ts';
import { inImage, moduleName, type ScriptInput, sysfsName } from './script-input.ts';
import { shellQuote } from './shell-quote.ts';

/** How long before the kubelet kills us the last words must be out, in seconds. */
const margin = 5;

/** The variables that every other part reads. `POD_UID` comes from the pod's template: it tells loaders apart. */
export function settingsPart(input: ScriptInput): string {
  const { data, roots } = input;
  const name = moduleName(input);
  const values = {
    kernel: data.kernelVersion,
    title: name ?? `${data.namespace}/${data.name}`,
    module: name === undefined ? '' : sysfsName(name),
    digest: input.digest,
    load: contentHash(data.modprobe).slice(0, 16),
    patience: String(Math.max(1, data.podOptions.gracePeriodSeconds - margin)),
    objects: inImage(
      input,
      `${data.modprobe.dirName === '/' ? '' : data.modprobe.dirName}/lib/modules/${data.kernelVersion}`,
    ),
    sys: roots.sys,
    run: roots.run,
    marker: `${roots.run}/${data.namespace}.${data.name}`,
  };
  return [
    ...Object.entries(values).map(([key, value]) => `${key}=${shellQuote(value)}`),
    `boot=$(cat ${shellQuote(roots.proc)}/sys/kernel/random/boot_id 2>/dev/null)`,
    'owner=$POD_UID',
    '',
  ].join('\n');
}

import { commandPart } from './command-part.ts';
import { firmwarePart } from './firmware-part.ts';
import { imageIdPart, liveIdPart } from './identity-part.ts';
import { loadPart } from './load-part.ts';
import { markerPart, markerWritingPart } from './marker-part.ts';
import type { ScriptInput } from './script-input.ts';
import { settingsPart } from './settings-part.ts';
import { stopPart } from './stop-part.ts';

/**
 * The main process of a loader pod, for `/bin/sh -c`: brings the module in, waits, and takes it out on TERM. A TERM that
 * comes while modprobe runs only sets a flag: what was begun gets its marker before it is undone.
 */
export function loadScript(input: ScriptInput): string {
  return [
    onTermRemember,
    settingsPart(input),
    markerPart,
    markerWritingPart,
    liveIdPart,
    imageIdPart(input),
    loadPart,
    commandPart(input),
    firmwarePart(input),
    stopPart,
    main,
  ].join('');
}

// First of all: process 1 of a container ignores a signal that it has no trap for, and the kubelet sends TERM only once.
const onTermRemember = `terminating=
trap 'terminating=yes' TERM INT
`;

// From the second trap on a TERM runs `stop` at once, wherever it comes: there is no moment in which it is only noted.
const main = `
mkdir -p "$run"
find_modprobe
check_kernel
write_softdeps
bring_in
trap stop TERM INT
[ -z "$terminating" ] || stop
stand_by
`;

import { inImage, type ScriptInput } from './script-input.ts';
import { shellQuote } from './shell-quote.ts';

/**
 * Firmware of the image, copied to the node before the module asks for it and removed after it has gone. Only files that
 * were not there before are removed: the list of them is kept beside the marker, in a folder that no marker can be named as.
 */
export function firmwarePart(input: ScriptInput): string {
  const path = input.data.modprobe.firmwarePath;
  if (path === undefined || path === '') return '\ncopy_firmware() { :; }\n\nremove_firmware() { :; }\n';
  const { roots, data } = input;
  return String.raw`
firmware=${shellQuote(inImage(input, path))}
node_firmware=${shellQuote(roots.firmware)}
search_path=${shellQuote(`${roots.firmwareClass}/path`)}
firmware_home=${shellQuote(input.firmwareHostPath)}
copied=$run/firmware/${shellQuote(`${data.namespace}.${data.name}`)}

copy_firmware() {
  [ -d "$firmware" ] || die "the image has no firmware directory $firmware"
  mkdir -p "$run/firmware"
  (cd "$firmware" && find . ! -type d) | while IFS= read -r file; do
    [ -e "$node_firmware/$file" ] || printf '%s\n' "$file"
  done >>"$copied"
  cp -R "$firmware/." "$node_firmware/" || die "could not copy firmware to $firmware_home on the node"
  set_search_path
}

set_search_path() { # Somebody's own path is left alone.
  now=$(cat "$search_path" 2>/dev/null)
  [ "$now" != "$firmware_home" ] || return 0
  if [ -n "$now" ]; then
    say "the kernel looks for firmware in $now first, not in $firmware_home"
  else
    printf '%s' "$firmware_home" >"$search_path" || say "could not tell the kernel to look for firmware in $firmware_home"
  fi
}

remove_firmware() {
  [ -r "$copied" ] || return 0
  while IFS= read -r file; do
    rm -f "$node_firmware/$file"
    (cd "$node_firmware" && rmdir -p "$(dirname "$file")") 2>/dev/null
  done <"$copied"
  rm -f "$copied"
}
`;
}

import { moduleName, type ScriptInput } from './script-input.ts';
import { shellQuote } from './shell-quote.ts';

/**
 * Which build of a module the kernel holds: its GNU build id. A kernel that shows none is asked for its `srcversion`, and
 * without either the answer is empty: then being live is all that can be known.
 * https://www.kernel.org/doc/Documentation/ABI/testing/sysfs-module
 */
export const liveIdPart = String.raw`
hex() { # FILE SKIP COUNT: bytes as hex digits, nothing when they can't be read
  od -An -v -tx1 -j "$2" -N "$3" "$1" 2>/dev/null | tr -d ' \n'
}

is_live() { # NAME
  [ "$(cat "$sys/module/$1/initstate" 2>/dev/null)" = live ]
}

is_out_of_tree() { # NAME
  case $(cat "$sys/module/$1/taint" 2>/dev/null) in *O*) ;; *) return 1 ;; esac
}

live_id() { # NAME. A note is sizes, type and "GNU" in 16 bytes, then the id.
  id_of=$(hex "$sys/module/$1/notes/.note.gnu.build-id" 16 64)
  [ -n "$id_of" ] || id_of=$(cat "$sys/module/$1/srcversion" 2>/dev/null)
  printf '%s\n' "$id_of"
}
`;

/** The image's kernel object by modules.dep, which is what modprobe goes by; compressed ones can't be read here. */
export function imageIdPart(input: Pick<ScriptInput, 'data'>): string {
  const name = moduleName(input);
  if (name === undefined) return '\nimage_id() { :; }\n';
  const file = `${name
    .split(/[-_]/)
    .map((part) => (part === '' ? '' : shellQuote(part)))
    .join('[-_]')}.ko`;
  return String.raw`
kernel_object() {
  [ -r "$objects/modules.dep" ] || return 0
  while IFS=: read -r path rest; do
    case $path in */${file} | ${file}) printf '%s\n' "$objects/$path" && return ;; esac
  done <"$objects/modules.dep"
}

image_id() { # Walks the section headers of a 64-bit ELF file (16 words each) for the note that holds the build id.
  object=$(kernel_object)
  [ "$(hex "$object" 0 5)" = 7f454c4602 ] || return 0
  first=$(od -An -v -tu8 -j 40 -N 8 "$object" | tr -d ' ')
  count=$(od -An -v -tu2 -j 60 -N 2 "$object" | tr -d ' ')
  set -- $(od -An -v -tu4 -j "$first" -N $((count * 64)) "$object")
  while [ $# -ge 16 ]; do
    if [ "$2" = 7 ]; then
      case $(hex "$object" "$7" 16) in
        04000000????????03000000474e5500) hex "$object" $(($7 + 16)) $(($9 - 16)) && return ;;
      esac
    fi
    shift 16
  done
}
`;
}

/**
 * Stands in for modprobe: logs its words, and keeps a fake /sys/module. Files in the box steer it: `build/NAME` is the note
 * of the build that would be loaded, `in-use/NAME` refuses a removal, `refuse-load` a load, and `gate` (a pipe) holds it up.
 */
export function fakeModprobe(box: string): string {
  return String.raw`#!/bin/sh
box='${box}'
printf '[%s]' "$@" >>"$box/calls"
printf '\n' >>"$box/calls"
remove= names= directory=
while [ $# -gt 0 ]; do
  case $1 in
    -r | -rv | --remove) remove=yes ;;
    -d) directory=$2 && shift ;;
    -*) ;;
    *) names="$names $(printf '%s' "$1" | tr - _)" && [ -n "$remove" ] || break ;;
  esac
  shift
done
if [ -n "$remove" ]; then
  for name in $names; do
    if [ -e "$box/in-use/$name" ]; then echo "modprobe: FATAL: Module $name is in use." >&2; exit 1; fi
    rm -rf "$box/sys/module/$name"
  done
  exit 0
fi
if [ -p "$box/gate" ]; then echo "at the gate"; cat "$box/gate"; fi
if [ -e "$box/refuse-load" ]; then echo "modprobe: ERROR: could not insert: Key was rejected by service" >&2; exit 1; fi
for name in $names; do
  module=$box/sys/module/$name
  [ ! -d "$module" ] || exit 0
  mkdir -p "$module/notes"
  [ ! -e "$box/build/$name" ] || cp "$box/build/$name" "$module/notes/.note.gnu.build-id"
  echo OE >"$module/taint"
  echo live >"$module/initstate"
done
`;
}

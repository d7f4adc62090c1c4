import { inImage, moduleName, type ScriptInput, sysfsName } from './script-input.ts';
import { shellQuote, shellWords } from './shell-quote.ts';

/** The modprobe calls, as KMM 1.x makes them, with every word of the user's quoted. */
export function commandPart(input: ScriptInput): string {
  const { roots } = input;
  return `
find_modprobe() {
  for modprobe in ${shellWords(roots.modprobe)}; do [ ! -x "$modprobe" ] || return 0; done
  die "no modprobe in this image (looked for ${roots.modprobe.join(', ')})"
}

running_kernel() {
  ${shellQuote(roots.uname)} -r
}

modprobe_load() {
  "$modprobe" ${shellWords(loadWords(input))}
}

modprobe_unload() {
  "$modprobe" ${shellWords(unloadWords(input))}
}
${softdepPart(input)}${inTreePart(input)}`;
}

/** `ARGS -d DIR NAME PARAMETERS`, where ARGS are `-v` by default; raw arguments replace everything. */
function loadWords(input: ScriptInput): string[] {
  const { args, rawArgs, dirName, parameters } = input.data.modprobe;
  const name = moduleName(input);
  if (name === undefined) return rawArgs?.load ?? [];
  return [...(args?.load ?? ['-v']), '-d', inImage(input, dirName), name, ...parameters];
}

/** The whole loading order is named, as KMM 2.x does: soft dependencies are not always removed with what needs them. */
function unloadWords(input: ScriptInput): string[] {
  const { args, rawArgs, dirName, modulesLoadingOrder } = input.data.modprobe;
  const name = moduleName(input);
  if (name === undefined) return rawArgs?.unload ?? [];
  const names = modulesLoadingOrder.length > 0 ? modulesLoadingOrder : [name];
  return [...removing(args?.unload), '-d', inImage(input, dirName), ...names];
}

/** KMM 1.x wants `-r` among the user's arguments, 2.x adds it itself: added when it is missing, or it would load. */
function removing(args: string[] = ['-rv']): string[] {
  const removes = args.some((arg) =>
    arg.startsWith('--') ? '--remove'.startsWith(arg) && arg.length > 2 : /^-[a-zA-Z]*r/.test(arg),
  );
  return removes ? args : ['-r', ...args];
}

/** Written by the script, not mounted: a mount would hide the image's own modprobe.d, and this way both shapes are alike. */
function softdepPart(input: ScriptInput): string {
  const order = input.data.modprobe.modulesLoadingOrder;
  const lines = order.slice(1).map((before, index) => `softdep ${order[index]} pre: ${before}`);
  if (lines.length === 0) return '\nwrite_softdeps() { :; }\n';
  const directory = shellQuote(input.roots.modprobeConfig);
  return String.raw`
write_softdeps() {
  mkdir -p ${directory} && printf '%s\n' ${shellWords(lines)} >${directory}/kmm-softdep.conf ||
    die "could not write the loading order to ${directory}"
}
`;
}

/** No `-d`: they are the host's. What another loader put there is not in-tree, whatever its name is. */
function inTreePart(input: ScriptInput): string {
  const removed = input.data.inTreeModulesToRemove;
  const name = moduleName(input);
  const listed = name !== undefined && removed.map(sysfsName).includes(sysfsName(name));
  if (removed.length === 0) return '\nis_listed() { return 1; }\n\nremove_in_tree() { :; }\n';
  return `
is_listed() { # whether the module to load is itself in the list
  ${listed ? ':' : 'return 1'}
}

is_held_by_a_loader() { # NAME
  for other in "$run"/*.*; do
    read_marker "$other"
    is_this_boot && [ "$m_module" = "$1" ] && [ "$m_id" = "$(live_id "$1")" ] && return 0
  done
  return 1
}

remove_in_tree() {
  set --
  for name in ${shellWords(removed)}; do
    listed_name=$(printf '%s' "$name" | tr - _)
    is_live "$listed_name" || continue
    is_held_by_a_loader "$listed_name" || set -- "$@" "$name"
  done
  [ $# -gt 0 ] || return 0
  "$modprobe" -rv -- "$@" || die "could not remove the in-tree modules $*"
  say "removed the in-tree modules $*; they are not loaded again afterwards"
}
`;
}

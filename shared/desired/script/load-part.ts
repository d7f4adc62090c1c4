/**
 * From a fresh container to a live module. `situation` is the whole decision: what the kernel holds under that name, and
 * whose it is. Only what a marker calls ours is ever unloaded without having been asked to.
 */
export const loadPart = String.raw`
say() {
  printf '%s\n' "$*"
}

die() { # Last words: the kubelet keeps the end of the log as the pod's message.
  say "$*" >&2
  exit 1
}

check_kernel() {
  running=$(running_kernel)
  [ "$running" = "$kernel" ] || die "this loader is for kernel $kernel, but the node runs $running: nothing was touched"
}

situation() {
  read_marker "$marker"
  if [ -z "$module" ]; then
    if ! is_this_boot; then say absent; elif is_this_load; then say same; else say ours; fi
    return
  fi
  is_live "$module" || { say absent && return; }
  live=$(live_id "$module")
  in_image=$(image_id)
  if is_this_boot && [ "$m_id" = "$live" ]; then
    if is_this_load; then say same; else say ours; fi
  elif [ -n "$in_image" ] && [ "$in_image" = "$live" ]; then
    say image
  elif is_listed; then
    say listed
  elif is_out_of_tree "$module"; then
    say foreign
  else
    say in-tree
  fi
}

bring_in() {
  case $(situation) in
    same) adopt "it was loaded by a loader of this image" ;;
    image) adopt "the kernel already holds this very build" ;;
    absent | listed) load ;;
    ours)
      say "$title was loaded from another image or with other parameters: unloading it first"
      take_over
      unload || die "$title of an earlier loader can't be unloaded: $words"
      remove_firmware
      load
      ;;
    foreign)
      unload || die "$title is loaded by somebody else (build id $(live_id "$module")): list it in inTreeModulesToRemove or unload it. $words"
      load
      ;;
    in-tree)
      die "$title is loaded by somebody else (build id $(live_id "$module")): list it in inTreeModulesToRemove or unload it"
      ;;
  esac
}

take_over() { # From here on a loader that is still trying to unload it leaves it to us. What is loaded is still the other's.
  read_marker "$marker"
  (digest=$m_digest load=$m_load id=$m_id && write_marker unloading) || die "could not write $marker"
}

adopt() { # WHY
  id=$([ -z "$module" ] || live_id "$module")
  write_marker loaded || die "could not write $marker"
  say "$title stays as it is: $1"
}

load() {
  rm -f "$marker"
  [ -z "$terminating" ] || { say "asked to stop before $title was loaded" && exit 0; }
  remove_in_tree
  copy_firmware
  modprobe_load || die "modprobe could not load $title (exit code $?)"
  id=
  [ -z "$module" ] || check_live
  write_marker loaded || die "could not write $marker"
  say "$title is loaded"
}

check_live() { # modprobe also ends well when a module of that name was there before.
  is_live "$module" || die "modprobe ended well, but $title is not live"
  id=$(live_id "$module")
  wanted=$(image_id)
  [ -z "$wanted" ] || [ "$wanted" = "$id" ] || die "the kernel holds another build of $title ($id) than the image ($wanted)"
}

unload() { # Sets words to what modprobe said.
  words=$(modprobe_unload 2>&1) && { [ -z "$module" ] || ! is_live "$module"; }
}
`;

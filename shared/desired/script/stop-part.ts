/**
 * Waiting for TERM and what then happens. The marker says `unloading` first, so that the probe fails, the node's label goes
 * and the device plugin leaves: that is what frees a module in use. Unloaded is only what the marker calls this pod's.
 */
export const stopPart = `
stand_by() { # The sleep ends with the container; it must not hold the log open until then.
  while :; do
    sleep 86400 >/dev/null 2>&1 &
    wait "$!"
  done
}

stop() {
  trap '' TERM INT
  is_still_ours
  write_marker unloading || say "could not write $marker"
  deadline=$(($(date +%s) + patience))
  last_words=
  until is_gone || unload; do
    [ "$words" = "$last_words" ] || say "$words"
    last_words=$words
    [ "$(date +%s)" -lt "$deadline" ] || give_up
    sleep 1
    is_still_ours
  done
  is_still_ours
  remove_firmware
  rm -f "$marker"
  say "$title is unloaded"
  exit 0
}

give_up() { # The next loader may take it as it is, if it is the build that it wants.
  write_marker loaded
  die "$title could not be unloaded in $patience s and stays loaded: $words"
}

is_still_ours() { # Ends the script when it is not: another pod took over, or another build was put in its place.
  read_marker "$marker"
  [ "$m_owner" = "$owner" ] || { say "$title now belongs to another loader: left alone" && exit 0; }
  is_gone || [ -z "$module" ] || [ "$(live_id "$module")" = "$m_id" ] || {
    rm -f "$marker"
    say "$title was replaced by another build: left alone"
    exit 0
  }
}

is_gone() {
  [ -n "$module" ] && ! is_live "$module"
}
`;

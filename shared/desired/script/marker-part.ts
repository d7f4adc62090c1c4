/**
 * The node's note of what a loader put into the kernel: which pod, in which boot, from which image, with which parameters,
 * and the build that was live then. It outlives containers, not reboots (tmpfs; and `boot` where /run is not one).
 */
export const markerPart = `
read_marker() { # FILE: sets m_*, all empty when there is none
  m_owner='' m_boot='' m_digest='' m_load='' m_module='' m_id='' m_state=''
  [ -r "$1" ] || return 0
  while IFS='=' read -r key value; do
    case $key in
      owner) m_owner=$value ;;
      boot) m_boot=$value ;;
      digest) m_digest=$value ;;
      load) m_load=$value ;;
      module) m_module=$value ;;
      id) m_id=$value ;;
      state) m_state=$value ;;
    esac
  done <"$1"
}
`;

/** Only the load script writes. Renamed into place: a probe never reads half of it. */
export const markerWritingPart = String.raw`
write_marker() { # STATE
  new=$run/.$owner.new
  printf '%s=%s\n' owner "$owner" boot "$boot" digest "$digest" load "$load" module "$module" id "$id" state "$1" >"$new" &&
    mv -f "$new" "$marker"
}

is_this_boot() {
  [ -n "$m_owner" ] && [ "$m_boot" = "$boot" ]
}

is_this_load() { # and nobody is taking it out
  [ "$m_digest" = "$digest" ] && [ "$m_load" = "$load" ] && [ "$m_state" = loaded ]
}
`;

import { liveIdPart } from './identity-part.ts';
import { markerPart } from './marker-part.ts';
import type { ScriptInput } from './script-input.ts';
import { settingsPart } from './settings-part.ts';

/**
 * Ready means: what this pod loaded is live, and it is still that build. Its words become the kubelet's event. With raw
 * arguments, where no module is named, the marker alone has to do.
 */
export function probeScript(input: ScriptInput): string {
  return [settingsPart(input), markerPart, liveIdPart, main].join('');
}

const main = String.raw`
no() {
  printf '%s\n' "$*"
  exit 1
}

read_marker "$marker"
[ "$m_owner" = "$owner" ] && [ "$m_boot" = "$boot" ] || no "this pod has not loaded $title"
[ "$m_state" = loaded ] || no "$title is being unloaded"
[ -n "$module" ] || exit 0
is_live "$module" || no "$title is not live"
[ "$(live_id "$module")" = "$m_id" ] || no "another build of $title is live"
`;

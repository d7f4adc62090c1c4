const esc = String.fromCharCode(0x1b);
const control = new RegExp(`(?![\\n\\t]|${esc}\\[\\d{1,2}m)\\p{Cc}`, 'gu');

/**
 * Text for a terminal without control characters but newlines, tabs and colours: names in a file and last words of a pod are
 * other people's, and must not move the cursor or retitle the window.
 */
export function printable(text: string): string {
  return text.replace(control, '\ufffd');
}

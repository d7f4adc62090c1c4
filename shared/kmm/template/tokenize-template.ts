export interface Token {
  kind: 'text' | 'variable' | 'open' | 'close' | 'operator' | 'unclosed';
  text: string;
}

/**
 * Cuts a template into tokens exactly as KMM's engine (a8m/envsubst 1.4.2) does, quirks included: `$$` is one `$`,
 * `$_` is text even inside braces, and what follows a variable inside braces is read one rune at a time.
 * https://github.com/a8m/envsubst/blob/v1.4.2/parse/lex.go
 */
export function tokenizeTemplate(template: string): Token[] {
  const scan: Scan = { runes: [...template], at: 0, start: 0, lastStart: 0, depth: 0, tokens: [] };
  let state: State | undefined = plain;
  while (state !== undefined) state = state(scan);
  return scan.tokens;
}

interface Scan {
  runes: string[];
  /** The next rune to read; `start` is where the present token began, `lastStart` where the one before it did. */
  at: number;
  start: number;
  lastStart: number;
  /** How many `${` are open. The engine leaves it at 1 after `${_}`, and so do we. */
  depth: number;
  tokens: Token[];
}

/** Reads on and says how: every state moves forward or ends, so the number of steps is bounded by the template. */
type State = (scan: Scan) => State | undefined;

function plain(scan: Scan): State | undefined {
  while (scan.at < scan.runes.length) {
    if (scan.runes[scan.at] !== '$') {
      scan.at++;
      continue;
    }
    if (scan.at > scan.start) emit(scan, 'text');
    scan.at++;
    const state = afterDollar(scan);
    if (state !== undefined) return state;
  }
  if (scan.at > scan.start) emit(scan, 'text');
  return undefined;
}

function afterDollar(scan: Scan): State | undefined {
  const rune = scan.runes[scan.at];
  if (rune === '$') {
    scan.start = scan.at++;
    emit(scan, 'text');
  } else if (rune === '{') {
    scan.at++;
    scan.depth++;
    emit(scan, 'open');
    return operator;
  } else if (isWord(rune)) return variable;
  return undefined;
}

function variable(scan: Scan): State {
  while (isWord(scan.runes[scan.at])) scan.at++;
  const text = scan.runes.slice(scan.start, scan.at).join('');
  if (text === '_' || text === '$_') return plain;
  emit(scan, 'variable');
  return scan.depth > 0 ? operator : plain;
}

function operator(scan: Scan): State | undefined {
  const rune = scan.runes[scan.at];
  if (endsBraces(rune) || (isWord(rune) && followsOpen(scan))) return braces;
  scan.at++;
  if (rune === ':') {
    const second = scan.runes[scan.at];
    if (second !== undefined) scan.at++;
    if (isOperator(second)) emit(scan, 'operator');
  } else if (isOperator(rune)) emit(scan, 'operator');
  return braces;
}

function braces(scan: Scan): State | undefined {
  const rune = scan.runes[scan.at];
  if (rune === undefined || rune === '\n' || rune === '\r') {
    scan.tokens.push({ kind: 'unclosed', text: '' });
    return undefined;
  }
  scan.at++;
  if (rune === '}') {
    scan.depth--;
    emit(scan, 'close');
    return plain;
  }
  if (rune === '$' || (isWord(rune) && followsOpen(scan))) return variable;
  emit(scan, 'text');
  return braces;
}

function emit(scan: Scan, kind: Token['kind']): void {
  scan.tokens.push({ kind, text: scan.runes.slice(scan.start, scan.at).join('') });
  scan.lastStart = scan.start;
  scan.start = scan.at;
}

function followsOpen(scan: Scan): boolean {
  return scan.runes[scan.lastStart] === '$' && scan.runes[scan.lastStart + 1] === '{';
}

function endsBraces(rune: string | undefined): boolean {
  return rune === undefined || rune === '\n' || rune === '\r' || rune === '}';
}

function isOperator(rune: string | undefined): boolean {
  return rune === '-' || rune === '=' || rune === '+';
}

function isWord(rune: string | undefined): boolean {
  return rune !== undefined && /^[\p{L}\p{Nd}_]$/u.test(rune);
}

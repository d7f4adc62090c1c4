/** One challenge of a WWW-Authenticate header; scheme and parameter names in lower case. */
export interface AuthChallenge {
  scheme: string;
  params: Record<string, string>;
}

const longestHeader = 8192;

const between = /[\s,]*/y;
const param = /([!#$%&'*+.^_`|~\w-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s",]*))/y;
/** A scheme, and what may follow instead of parameters: the `YII…` of `Negotiate YII…`, which is never ours to answer. */
const scheme = /([!#$%&'*+.^_`|~\w-]+)(?:[ \t]+[\w.~+/-]+=*(?=[ \t]*(?:,|$)))?/y;

/**
 * Reads the challenges of one or several WWW-Authenticate headers, several in one header included: the commas between
 * challenges and those between parameters look alike. What can't be read ends that header. RFC 9110, 11.6.1
 */
export function parseAuthChallenges(headers: string | readonly string[] | undefined): AuthChallenge[] {
  const list = headers === undefined ? [] : typeof headers === 'string' ? [headers] : headers;
  return list.flatMap((header) => parseHeader(header.slice(0, longestHeader)));
}

function parseHeader(header: string): AuthChallenge[] {
  const challenges: AuthChallenge[] = [];
  const take = tokenizer(header);
  for (;;) {
    take(between);
    const pair = take(param);
    const opened = pair === undefined ? take(scheme)?.[1] : undefined;
    if (opened !== undefined) challenges.push({ scheme: opened.toLowerCase(), params: {} });
    else if (pair === undefined || !addParam(challenges.at(-1), pair)) return challenges;
  }
}

/** Takes what matches at the present position, and moves on; `undefined` when nothing does. */
function tokenizer(text: string): (pattern: RegExp) => RegExpExecArray | undefined {
  let position = 0;
  return (pattern) => {
    pattern.lastIndex = position;
    const match = pattern.exec(text) ?? undefined;
    if (match !== undefined) position = pattern.lastIndex;
    return match;
  };
}

/** The first of a repeated parameter counts. False when there is no challenge that it could belong to. */
function addParam(challenge: AuthChallenge | undefined, [, name = '', quoted, bare]: RegExpExecArray): boolean {
  if (challenge === undefined) return false;
  challenge.params[name.toLowerCase()] ??= quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '';
  return true;
}

// The regexps of the rules, in RE2's syntax. A rule costs the length of its pattern times that of its input, so they are as
// short as they can be; what lint can tell and they can't stands in ../README.md.

/** A label's value and a taint's: empty, or up to 63 characters. */
export const labelValue = '^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$';

/** `[prefix/]name`, as keys of labels and taints. That the prefix has 253 characters at most is a rule beside it. */
export const qualifiedName =
  '^([a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)*/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$';

export const dnsSubdomain = '^[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)*$';

export const kernelModuleName = '^[A-Za-z0-9_][A-Za-z0-9_.+-]*$';

export const pullPolicy = '^(Always|Never|IfNotPresent)?$';

/** A host path at or under one that is open to Modules; `..` is refused whole, since nothing here can take it back. */
export const openHostPath = '^/+([.]?/+)*(dev|sys|var|opt|run)(/|$)';

/** A component `..` of a path. */
export const parentFolder = '(^|/)[.][.](/|$)';

const word = String.raw`[\pL\p{Nd}_]`;
const variable = String.raw`\$\{[^}]*}|\$\w+`;

/** A `${` without its `}`; `$$` is a dollar, not the start of a variable. */
export const openBrace = String.raw`(^|[^$])(\$\$)*\$\{[^}\n\r]*([\n\r]|$)`;

/** Text, `$VAR`, `${VAR}` and `${VAR:-text}`; no other form of a shell. */
export const template = String.raw`^([^$]|\$[^{]|\$\{${word}+(:?[-=+][^}]*)?})*\$?$`;

/** A default with `$_`, on which KMM's engine never ends. */
export const endlessDefault = String.raw`\$\{${word}+:?[-=+][^}]*\$_([^\pL\p{Nd}_]|$)`;

/** A default that holds a part of the reference's structure: nothing is said of such an image. */
const structured = String.raw`\$\{[^}]*[-=+][^}]*[/:@]`;

/** A tag or digest behind the last slash. */
export const tagged = `${structured}|[:@]([^/:@$]|${variable})+$`;

/** An image reference with variables in it: a host perhaps, a path in lower case, a tag or digest perhaps. */
export const reference = `${structured}|^(([A-Za-z0-9.:[\\]-]|${variable})+/)?([a-z0-9._-]|${variable})([a-z0-9._/-]|${variable})*(:([\\w.-]|${variable})+)?(@(sha256:\\w{64}|.*\\$).*)?$`;

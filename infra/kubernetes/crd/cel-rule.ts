import type { CelValidation } from './structural-schema.ts';

/** A rule of `kmm lint` in CEL, for the API server. https://kubernetes.io/docs/reference/using-api/cel/ */
export interface CelRule {
  /** The id that lint gives it. */
  id: string;
  /** True when all is well; `self` is the value of the node that the rule stands at. */
  rule: string;
  /** Lint's message. `{}` is what `value` gives. */
  says: string;
  /** An expression for the text that the message names. */
  value?: string;
  /** The field to blame, below the node, as `.image`. */
  at?: string;
  required?: true;
}

/** In the form of a CRD. Where the message names no value it is plain text, which costs nothing. */
export function toValidation({ rule, says, value, at, required }: CelRule): CelValidation {
  const message = says.replace('{}', 'it');
  return {
    rule,
    message,
    ...(value !== undefined && { messageExpression: toExpression(says, value) }),
    ...(required && { reason: 'FieldValueRequired' }),
    ...(at !== undefined && { fieldPath: at }),
  };
}

/** `text {} text` as a concatenation. */
export function toExpression(says: string, value: string): string {
  const parts = says.split('{}').map(celString);
  return parts.join(` + ${value} + `);
}

/** A string literal of CEL, whose escapes are those of JSON. */
export function celString(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** A regexp as a literal, in which a backslash is a backslash. */
export function celRegexp(pattern: string): string {
  return `r'${pattern}'`;
}

const plain = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** One shell word, whatever is in it. The only way by which a user's text gets into a script. */
export function shellQuote(word: string): string {
  return plain.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Several words, in order, with spaces between them. */
export function shellWords(words: string[]): string {
  return words.map(shellQuote).join(' ');
}

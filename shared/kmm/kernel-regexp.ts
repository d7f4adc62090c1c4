import { RE2JS } from 're2js';

export type KernelRegexp =
  | { kind: 'compiled'; matches: (kernelVersion: string) => boolean }
  | { kind: 'invalid'; reason: string };

const longestPattern = 1024;
const mostRepeats = 5000;
const cacheSize = 4096;
const cache = new Map<string, KernelRegexp>();

/**
 * Compiles the `regexp` of a mapping: Go's RE2 syntax, found anywhere in the kernel (unanchored), in linear time. Never a
 * native RegExp: that reads other things into many patterns and can run for minutes. Length and repetitions are bounded.
 * https://pkg.go.dev/regexp/syntax
 */
export function compileKernelRegexp(pattern: string): KernelRegexp {
  const known = cache.get(pattern);
  if (known !== undefined) return known;
  const compiled = compile(pattern);
  if (cache.size >= cacheSize) cache.clear();
  cache.set(pattern, compiled);
  return compiled;
}

function compile(pattern: string): KernelRegexp {
  if (pattern.length > longestPattern) return { kind: 'invalid', reason: `longer than ${longestPattern} characters` };
  if (repeats(pattern) > mostRepeats) return { kind: 'invalid', reason: `repetitions add up to over ${mostRepeats}` };
  try {
    const regexp = compileAsGo(pattern);
    return { kind: 'compiled', matches: (kernelVersion) => regexp.matcher(kernelVersion).find() };
  } catch (error) {
    return { kind: 'invalid', reason: error instanceof Error ? error.message : 'it does not compile' };
  }
}

/** Go takes two groups of one name, re2js does not; names mean nothing to us. */
function compileAsGo(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const isDuplicate = error instanceof Error && error.message.includes('duplicate capture group name');
    if (!isDuplicate) throw error;
    return RE2JS.compile(pattern.replace(/\(\?P?<\w+>/g, '('));
  }
}

/** How large `{n,m}` may make the program: `x{1000}` written often costs a second to compile. */
function repeats(pattern: string): number {
  return [...pattern.matchAll(/(\d+)\}/g)].reduce((sum, [, count]) => sum + Number(count), 0);
}

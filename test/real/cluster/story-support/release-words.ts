/** A line of the load script, and what the next release of ours says in its place. */
export const releaseWords = { now: 'running_kernel() {', next: 'running_kernel() { # as of the next release' } as const;

/** What became of one trigger. `failed` comes again (only API-server faults and bugs); states such as BuildFailed are `done`. */
export type Outcome = { kind: 'done' } | { kind: 'failed'; error: Error };

/** What happened to one object: it appeared (no `before`), changed, or went (no `after`). Reviews and watches both come down to it. */
export interface Change<T> {
  before?: T;
  after?: T;
}

/** What the installation says about changes that never count. */
export interface ChangeOptions {
  /** Taints that come and go with a node's start or drain (kubernetes/ignored-taints.ts). */
  ignoredTaints: readonly string[];
}

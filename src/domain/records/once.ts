/** What may happen once only: a flow that is finished, a logout token that counts. Nodes of a cluster share it. */
export interface OnceStore {
  /**
   * `true` for the first call with this text within the time, and `false` for every other. Throws `unavailable` if the
   * store cannot be reached.
   *
   * @param what for what it is, and a text that only the right one knows or has signed
   */
  claim(what: string, forMs: number): Promise<boolean>
}

/** The key of the MAC that sessions carry where they are kept outside of the nodes and the store of record. */
export interface SessionKeyStore {
  /** 32 random bytes, the same for all nodes; made where there are none yet. */
  get(): Promise<Uint8Array>
}

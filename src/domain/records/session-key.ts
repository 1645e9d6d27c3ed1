/** The key of the MAC by which nodes recognize their own sessions in Redis. */
export interface SessionKeyStore {
  /** 32 random bytes, the same for all nodes; created on first use. */
  get(): Promise<Uint8Array>
}

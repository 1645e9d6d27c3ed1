/** A name and a password, as a client sends them. */
export interface Credentials {
  /** Undefined where what was sent cannot be a name. */
  readonly name: string | undefined
  readonly password: Uint8Array
}

/** A name and a password, as a client sends them. */
export interface Credentials {
  /** Undefined for text that no user can have as a name; the attempt then fails as for an unknown user. */
  readonly name: string | undefined
  readonly password: Uint8Array
}

/** What the lines of a body are. */
export interface LineFormat {
  /** Checks one line, without its end; returns what goes on. Characters are bytes (`latin1`). Throws `invalid`. */
  readonly check: (line: string) => string
  /** Whether all these lines pass as they are; if false, they are checked one by one. */
  readonly pass?: (lines: Buffer) => boolean
  /** Whether a line that begins like this passes as it is, whatever follows. */
  readonly passesFrom?: (start: Buffer) => boolean
  /** Whether no line gets longer, and an empty line means nothing: such lines then stand for what is left out. */
  readonly keepsLength: boolean
}

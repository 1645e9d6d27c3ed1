/** What one step of trying another server, such as a directory, found out. The sentences are for operators. */
export interface TrialStep {
  /** `note`: it works, and the operator should know it. */
  readonly outcome: 'ok' | 'note' | 'failed'
  readonly about: string
}

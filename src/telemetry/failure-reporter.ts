/** Limits the log lines of a repeated failure: one a minute, however often it fails. */

export interface FailureReporterDeps {
  readonly onError: (message: string) => void
  /** Milliseconds on any clock that does not go backwards. */
  readonly now: () => number
  /** Milliseconds between two messages. */
  readonly intervalMs?: number
}

/**
 * Passes the first failure to `onError` at once, then at most one per interval, with the number of suppressed ones.
 * The returned function never throws: the exporter calls it from its promises, where an exception would end the
 * process.
 */
export function createFailureReporter({ onError, now, intervalMs = 60_000 }: FailureReporterDeps) {
  let lastReport = Number.NEGATIVE_INFINITY
  let keptBack = 0
  return (what: string, error: unknown): void => {
    const time = now()
    if (time - lastReport < intervalMs) {
      keptBack += 1
      return
    }
    const more = keptBack === 0 ? '' : ` (and ${keptBack} more since the last report)`
    lastReport = time
    keptBack = 0
    try {
      onError(`${what}: ${describe(error)}${more}`)
    } catch {
      // A failing log must not fail the request, and there is nowhere else to report it.
    }
  }
}

/** A collector chooses its status text, and Node joins several failed addresses into an error without a message. */
function describe(error: unknown): string {
  const { message, code } = (error ?? {}) as { message?: unknown; code?: unknown }
  const parts: string[] = []
  if (typeof message === 'string' && message !== '') parts.push(message)
  if ((typeof code === 'string' || typeof code === 'number') && !parts[0]?.includes(`${code}`))
    parts.push(`${code}`)
  const text = parts.join(', ') || 'unknown failure'
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 300)
}

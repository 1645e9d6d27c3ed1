/** Milliseconds since 1970 that only ever go on, at the pace of the machine's own clock. */
import type { Clock } from '../domain/clock.ts'

const LOOK_EVERY_MS = 60_000
const NOTABLE_MS = 60_000
/** Records from further ahead were written by a clock that was wrong then; to wait for it would be worse. */
const LARGEST_STEP_BACK_MS = 24 * 3600_000

/**
 * The system's time at the start, and from then on what has passed since: somebody who sets the system's clock
 * neither ends sessions and tokens nor brings ended ones back. A start with a clock that was set back, by a day at
 * most, goes on from the newest record, for the same reason. That the two have come apart is said once.
 */
export function createSteadyClock({
  notBefore = 0,
  onMoved,
}: {
  /** When the newest record was written. */
  notBefore?: number | undefined
  onMoved: (message: string) => void
}): Clock {
  const system = Date.now()
  const isBehind = system < notBefore && notBefore - system <= LARGEST_STEP_BACK_MS
  const startedAt = (isBehind ? notBefore : system) - performance.now()
  const now = () => Math.floor(startedAt + performance.now())
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() - now()) / 1000)
    if (Math.abs(seconds) * 1000 < NOTABLE_MS) return
    clearInterval(timer)
    onMoved(
      `the system's clock was moved by ${seconds} s; Sluice goes on by the time of its start until it is restarted`,
    )
  }, LOOK_EVERY_MS)
  timer.unref()
  return now
}

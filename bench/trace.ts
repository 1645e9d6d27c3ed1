/** Chromium's tracing of a page. */
import type { CDPSession } from 'playwright-core'

export interface TraceEvent {
  readonly name: string
  /** `X` a complete event, `I` or `R` an instant, `b` the begin of an asynchronous event. */
  readonly ph: string
  /** Microseconds. */
  readonly ts: number
  readonly args: { readonly frame?: string; readonly data?: Readonly<Record<string, unknown>> }
}

const CATEGORIES = 'loading,devtools.timeline,blink.user_timing'

/** All trace events recorded while `act` runs. */
export async function traced(cdp: CDPSession, act: () => Promise<unknown>): Promise<TraceEvent[]> {
  const events: TraceEvent[] = []
  const collect = ({ value }: { value: object[] }) => void events.push(...(value as TraceEvent[]))
  cdp.on('Tracing.dataCollected', collect)
  await cdp.send('Tracing.start', { categories: CATEGORIES, transferMode: 'ReportEvents' })
  try {
    await act()
  } finally {
    const complete = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve))
    await cdp.send('Tracing.end')
    await complete
    cdp.off('Tracing.dataCollected', collect)
  }
  return events
}

/** Milliseconds from the start of the navigation to that address until the first paint. */
export function firstContentfulPaint(events: readonly TraceEvent[], url: string): number {
  const start = events.find(
    ({ name, args }) => name === 'navigationStart' && args.data?.documentLoaderURL === url,
  )
  const paint = events.find(
    ({ name, args }) =>
      name === 'firstContentfulPaint' && args.data?.navigationId === start?.args.data?.navigationId,
  )
  return start && paint ? (paint.ts - start.ts) / 1000 : Number.NaN
}

/** Milliseconds from a key or click to the next frame, for the slowest interaction. */
export function longestInteraction(events: readonly TraceEvent[]): number {
  const durations = events
    .filter(({ name, args }) => name === 'EventTiming' && Number(args.data?.interactionId) > 0)
    .map(({ args }) => Number(args.data?.duration))
  return durations.length > 0 ? Math.max(...durations) : Number.NaN
}

/** Times in the local time zone, with UTC on hover. */
import { useEffect, useState } from 'react'
import { serverNow } from '../api/client.ts'
import { texts } from '../texts/all.ts'

const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })
const STEPS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

export function Time({ at, precise = false }: { at: string; precise?: boolean }) {
  return (
    <time dateTime={at} title={`${at} (UTC)`}>
      {(precise ? exact : full).format(new Date(at))}
    </time>
  )
}

/** A time relative to now, such as "5 minutes ago"; `undefined` means never. */
export function Ago({ at }: { at: string | undefined }) {
  const [, tick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 30_000)
    return () => clearInterval(timer)
  }, [])
  if (!at) return <span className="muted">{texts.never}</span>
  const seconds = (Date.parse(at) - serverNow()) / 1000
  const [unit, size] = STEPS.find(([, each]) => Math.abs(seconds) >= each) ?? ['second', 1]
  const count = Math.abs(seconds) < 60 ? 0 : Math.round(seconds / size)
  return (
    <time dateTime={at} title={`${full.format(new Date(at))} · ${at} (UTC)`}>
      {relative.format(count, unit)}
    </time>
  )
}

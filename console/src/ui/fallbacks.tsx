/** Shown in place of a page: while it loads, if it fails, or if it does not exist. */
import { useCallback, useEffect, useState } from 'react'
import { addressOf } from '../base.ts'
import { texts } from '../texts/entry.ts'
import { buttonClass } from './button.tsx'
import { ErrorNotice } from './feedback.tsx'

export function Splash() {
  return (
    <div className="splash" role="status">
      <img src={addressOf('/favicon.svg')} alt="" width="40" height="40" />
      <p>{texts.name}</p>
      <span className="hidden">{texts.loading}</span>
    </div>
  )
}

const ONLINE_TRIES = 5
const ONLINE_PAUSE_MS = 1000

export function PageFailed({
  error,
  onRetry,
  inFrame = false,
}: {
  error: unknown
  onRetry: () => Promise<void>
  inFrame?: boolean
}) {
  const [failed, setFailed] = useState(error)
  const retry = useCallback(async () => {
    try {
      await onRetry()
      return true
    } catch (again) {
      setFailed(again)
      return false
    }
  }, [onRetry])
  // A laptop that wakes up has its network some seconds later: the page comes back then without a click.
  useEffect(() => {
    async function retryOnline(): Promise<void> {
      for (let tries = 0; tries < ONLINE_TRIES && !(await retry()); tries += 1) {
        // The browser may report a network that does not lead to the server yet.
        await new Promise((resolve) => setTimeout(resolve, ONLINE_PAUSE_MS))
      }
    }
    addEventListener('online', retryOnline)
    return () => removeEventListener('online', retryOnline)
  }, [retry])
  const notice = <ErrorNotice error={failed} onRetry={retry} />
  if (inFrame) {
    return (
      <div className="stack">
        <h1>{texts.errors.pageFailed}</h1>
        {notice}
      </div>
    )
  }
  return (
    <main className="signed-out">
      <div className="box">
        <div className="top">
          <h1>{texts.errors.pageFailed}</h1>
        </div>
        {notice}
      </div>
    </main>
  )
}

export function PageNotFound() {
  return (
    <main className="signed-out">
      <div className="box">
        <div className="top">
          <h1>{texts.errors.notFound}</h1>
          <p className="muted">{texts.errors.notFoundText}</p>
          <a className={buttonClass({ look: 'primary' })} href={addressOf('/')}>
            {texts.errors.home}
          </a>
        </div>
      </div>
    </main>
  )
}

/** Shown in place of a page: while it loads, if it fails, or if it does not exist. */
import { addressOf } from '../api/base.ts'
import { texts } from '../texts/entry.ts'
import { buttonClass } from './button.tsx'
import { ErrorNotice } from './feedback.tsx'
import { useRetry } from './lazy-page.ts'

export function Splash() {
  return (
    <div className="splash" role="status">
      <img src={addressOf('/favicon.svg')} alt="" width="40" height="40" />
      <p>{texts.name}</p>
      <span className="hidden">{texts.loading}</span>
    </div>
  )
}

export function PageFailed({
  error,
  onRetry,
  inFrame = false,
}: {
  error: unknown
  onRetry: () => Promise<void>
  inFrame?: boolean
}) {
  const [failed, retry] = useRetry(error, onRetry)
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

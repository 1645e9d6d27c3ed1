/** Feedback on a page: notices, errors with the request id, empty lists, loading lists. */
import type { ReactNode } from 'react'
import { asProblem } from '../api/problem.ts'
import { texts } from '../texts/entry.ts'
import { Button } from './button.tsx'
import { Icon, type IconName } from './icons.tsx'

const ROLES = { bad: 'alert', warn: 'alert', good: 'status' } as const

export function Notice({ kind, children }: { kind?: 'bad' | 'good' | 'warn'; children: ReactNode }) {
  const icon: IconName = kind === 'good' ? 'check' : kind ? 'warn' : 'info'
  return (
    <div className={`notice ${kind ?? ''}`} role={kind ? ROLES[kind] : undefined}>
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  )
}

/** An error with the server's message. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  if (!error) return null
  const { message, requestID, reason } = asProblem(error)
  const lacksPermission = reason === 'missing-permission'
  return (
    <Notice kind="bad">
      {lacksPermission && (
        <p>
          {texts.errors.notAllowed} {texts.errors.notAllowedText}
        </p>
      )}
      <p className={lacksPermission ? 'small mono' : undefined}>{sentence(message)}</p>
      {requestID && <p className="small mono">{texts.errors.requestID(requestID)}</p>}
      {onRetry && (
        <p>
          <Button small onClick={onRetry}>
            {texts.retry}
          </Button>
        </p>
      )}
    </Notice>
  )
}

/** A message of the server as a sentence. */
export function sentence(message: string): string {
  // A message that begins with a permission, such as "write:orgs is unauthorized", keeps its lower case.
  const isCode = /^[a-z]+:/.test(message)
  const text = isCode ? message : message.charAt(0).toUpperCase() + message.slice(1)
  return /[.!?…]$/.test(text) ? text : `${text}.`
}

export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <Icon name={icon} size={36} />
      <p className="strong">{title}</p>
      <div className="muted">{children}</div>
    </div>
  )
}

export function Loading({ lines = 4 }: { lines?: number }) {
  return (
    <div className="skeleton" role="status">
      <span className="hidden">{texts.loading}</span>
      {Array.from({ length: lines }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are identical
        <i key={at} />
      ))}
    </div>
  )
}

/**
 * Whether the server now refuses what it returned before, so that it must no longer be shown. Loaded data stays visible
 * if only the session has ended or the server cannot be reached.
 */
function isRefusal(error: unknown): boolean {
  const { status, isSignedOut } = asProblem(error)
  return Boolean(error) && status >= 400 && status < 500 && !isSignedOut
}

/** Shows the loading state or error of a query, or its data once there is some. */
export function Loaded<T>({
  query,
  lines,
  head,
  children,
}: {
  query: { data: T | undefined; error: unknown; refetch: () => unknown }
  lines?: number
  /** Shown above the loading state and the error, such as the page title. */
  head?: ReactNode
  children: (data: T) => ReactNode
}) {
  if (query.data !== undefined && !isRefusal(query.error)) return <>{children(query.data)}</>
  if (!query.error) {
    return (
      <>
        {head}
        <Loading {...(lines ? { lines } : {})} />
      </>
    )
  }
  const { status, reason } = asProblem(query.error)
  if (head && reason === 'missing-permission') {
    return (
      <>
        {head}
        <section className="card">
          <Empty icon="lock" title={texts.errors.noAccess}>
            {texts.errors.notAllowedText}
          </Empty>
        </section>
      </>
    )
  }
  return (
    <>
      {head}
      <div className="card-body stack-small">
        <ErrorNotice
          error={query.error}
          {...(status === 0 || status >= 500 ? { onRetry: () => query.refetch() } : {})}
        />
      </div>
    </>
  )
}

import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import { texts } from '../texts/all.ts'

/** The header of a page; its title is also the window title. */
export function PageTitle({
  title,
  lead,
  badge,
  crumb,
  children,
}: {
  title: string
  lead?: ReactNode
  badge?: ReactNode
  crumb?: { to: string; label: string } | undefined
  children?: ReactNode
}) {
  useEffect(() => {
    document.title = `${title} · ${texts.name}`
  }, [title])
  return (
    <div className="title">
      <div>
        {crumb && (
          <Link to={crumb.to} className="crumb">
            ← {crumb.label}
          </Link>
        )}
        <div className="with-badge">
          <h1>{title}</h1>
          {badge}
        </div>
        {lead && <p className="lead">{lead}</p>}
      </div>
      {children && <div className="actions">{children}</div>}
    </div>
  )
}

export function Card({
  id,
  title,
  help,
  actions,
  bad,
  children,
}: {
  /** For links to this part of a page. */
  id?: string
  title?: string
  help?: ReactNode
  actions?: ReactNode
  bad?: boolean
  children: ReactNode
}) {
  return (
    <section id={id} className={bad ? 'card bad' : 'card'}>
      {title && (
        <div className="card-head">
          <div>
            <h2>{title}</h2>
            {help}
          </div>
          {actions}
        </div>
      )}
      {children}
    </section>
  )
}

import type { ReactNode } from 'react'
import type { Shapes } from '../api/client.ts'
import { texts } from '../texts/all.ts'
import { deviceOf } from './device.ts'
import { Icon } from './icons.tsx'
import { Ago, Time } from './time.tsx'

type Session = Shapes['Session']

/** Live sessions, each with its actions. */
export function SessionsList({
  sessions,
  action,
}: {
  sessions: readonly Session[]
  action: (session: Session) => ReactNode
}) {
  return (
    <ul className="lines">
      {sessions.map((session) => (
        <li key={session.id} className="row between">
          <div className="row grow" style={{ flexWrap: 'nowrap' }}>
            <span className="muted">
              <Icon name="device" />
            </span>
            <div>
              <p className="row" style={{ gap: '2px 10px' }}>
                <span className="strong" title={session.userAgent}>
                  {deviceOf(session.userAgent)}
                </span>
                {session.current && <span className="badge good">{texts.account.thisOne}</span>}
                {session.level === 'two-factors' && <span className="badge">{texts.account.twoFactors}</span>}
                {session.remembered && <span className="badge">{texts.account.keptSignedIn}</span>}
              </p>
              <p className="small muted">
                <span className="mono">{session.address}</span> · {texts.account.signedIn.toLowerCase()}{' '}
                <Time at={session.createdAt} /> · {texts.account.lastUsed.toLowerCase()}{' '}
                <Ago at={session.lastUsedAt} /> · {texts.account.ends.toLowerCase()}{' '}
                <Ago at={session.expiresAt} />
              </p>
            </div>
          </div>
          {action(session)}
        </li>
      ))}
    </ul>
  )
}

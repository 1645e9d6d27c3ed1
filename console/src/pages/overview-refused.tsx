/** The users and addresses with the most refused sign-ins, with links to their events. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Shapes } from '../api/client.ts'
import type { AuditFilter } from '../api/entry-queries.ts'
import { texts } from '../texts/all.ts'
import { Help } from '../ui/help.tsx'
import { Icon } from '../ui/icons.tsx'
import { Card } from '../ui/page.tsx'

type Refused = Shapes['Overview']['refused']

/** `start`: RFC 3339, the beginning of the time range. */
export function MostRefused({ refused, start }: { refused: Refused; start: string }) {
  const { overview } = texts
  const hasSome = refused.users.length + refused.addresses.length > 0
  const events = (more: AuditFilter): AuditFilter => ({ event: 'signin', start, ...more })
  return (
    <Card
      title={overview.refusedTitle}
      help={<Help about={overview.refusedTitle}>{overview.refusedHelp}</Help>}
    >
      {hasSome ? (
        <div className="two even flush">
          <Ranking head={overview.refusedUsers}>
            {refused.users.map(({ userID, name = userID, count }) => (
              <Row key={userID} name={name} count={count} events={events({ userID })}>
                <Link to="/people/$id" params={{ id: userID }} className="strong">
                  <bdi>{name}</bdi>
                </Link>
              </Row>
            ))}
          </Ranking>
          <Ranking head={overview.refusedAddresses}>
            {refused.addresses.map(({ address, count }) => (
              <Row key={address} name={address} count={count} events={events({ search: address })}>
                <span className="mono unbroken">{address}</span>
              </Row>
            ))}
          </Ranking>
        </div>
      ) : (
        <p className="card-body muted">{overview.refusedNone}</p>
      )}
    </Card>
  )
}

function Ranking({ head, children }: { head: string; children: readonly ReactNode[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th>{head}</th>
          <th className="end">{texts.overview.attempts}</th>
          <th className="opens">
            <span className="hidden">{texts.audit.title}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {children.length > 0 ? (
          children
        ) : (
          <tr>
            <td colSpan={3} className="muted">
              {texts.none}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  )
}

function Row({
  name,
  count,
  events,
  children,
}: {
  name: string
  count: number
  events: AuditFilter
  children: ReactNode
}) {
  return (
    <tr>
      <td>{children}</td>
      <td className="end">{count.toLocaleString()}</td>
      <td className="end">
        <Link
          to="/audit"
          search={events}
          className="button plain small icon"
          aria-label={texts.overview.events(name)}
          title={texts.audit.title}
        >
          <Icon name="audit" size={16} />
        </Link>
      </td>
    </tr>
  )
}

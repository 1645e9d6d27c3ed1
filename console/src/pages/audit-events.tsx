/** The events of the audit log as a table, whose rows open. */
import { useQuery } from '@tanstack/react-query'
import { Fragment, useState } from 'react'
import { BACKGROUND } from '../api/client.ts'
import { person } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { Button } from '../ui/button.tsx'
import { deviceOf } from '../ui/device.ts'
import { Icon } from '../ui/icons.tsx'
import { Time } from '../ui/time.tsx'
import type { AuditEvent } from './audit-export.ts'

export function EventTable({ events }: { events: readonly AuditEvent[] }) {
  const [open, setOpen] = useState<string>()
  return (
    <div className="table-wrap">
      <table className="cards audit">
        <thead>
          <tr>
            <th>{texts.audit.time}</th>
            <th>{texts.audit.event}</th>
            <th>{texts.audit.actor}</th>
            <th>{texts.audit.target}</th>
            <th>{texts.audit.address}</th>
            <th>
              <span className="hidden">{texts.audit.details}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <Fragment key={event.id}>
              <tr className="hover">
                <td className="nowrap muted">
                  <Time at={event.time} precise />
                </td>
                <td>
                  <span className="row" style={{ gap: 8 }}>
                    <span className="strong">{texts.audit.events[event.event] ?? event.event}</span>
                    <Outcome outcome={event.outcome} />
                    {event.count > 1 && <span className="badge">{texts.audit.times(event.count)}</span>}
                  </span>
                </td>
                <td data-label={texts.audit.actor}>
                  <Who id={event.actor.userID} />
                </td>
                <td data-label={texts.audit.target}>
                  <span className="muted">{event.target.type}</span> {event.target.name ?? ''}
                </td>
                <td data-label={texts.audit.address} className="mono">
                  {event.address}
                </td>
                <td className="end">
                  <Button
                    look="plain"
                    small
                    className={open === event.id ? 'icon open' : 'icon'}
                    aria-expanded={open === event.id}
                    aria-label={texts.audit.details}
                    onClick={() => setOpen(open === event.id ? undefined : event.id)}
                  >
                    <Icon name="chevron" size={16} />
                  </Button>
                </td>
              </tr>
              {open === event.id && (
                <tr>
                  <td colSpan={6} className="sunken">
                    <Details event={event} />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const LOOKS: Readonly<Record<string, string>> = { refused: 'warn', throttled: 'bad', expired: '' }

function Outcome({ outcome }: { outcome: string }) {
  if (outcome === 'success') return null
  return <span className={`badge ${LOOKS[outcome] ?? ''}`}>{texts.audit.outcomes[outcome] ?? outcome}</span>
}

/** By name where it may be read, else by id. */
function Who({ id }: { id: string | undefined }) {
  const { data } = useQuery({
    // In the background, since the live log asks by itself for whoever is new in it.
    ...person(id ?? '', BACKGROUND),
    enabled: id !== undefined,
    staleTime: 300_000,
    retry: false,
  })
  if (!id) return <span className="muted">{texts.audit.nobody}</span>
  return data ? data.name : <code>{id}</code>
}

function Details({ event }: { event: AuditEvent }) {
  const { fields } = texts.audit
  const { actor, target } = event
  const rows: readonly [string, string | undefined][] = [
    [fields.time, event.time],
    [fields.event, `${event.event} · ${event.outcome}`],
    [fields.actor, actor.userID],
    [fields.session, actor.sessionID],
    [fields.token, actor.authorizationID],
    [fields.target, [target.type, target.name, target.id].filter(Boolean).join(' · ')],
    [fields.org, target.orgID],
    [fields.address, event.address],
    [fields.device, event.userAgent && `${deviceOf(event.userAgent)} (${event.userAgent})`],
    [fields.request, event.requestId],
    [fields.count, event.count > 1 ? String(event.count) : undefined],
    [fields.id, event.id],
  ]
  return (
    <dl className="facts small">
      {rows
        .filter(([, value]) => value)
        .map(([label, value]) => (
          <Fragment key={label}>
            <dt>{label}</dt>
            <dd className="mono">{value}</dd>
          </Fragment>
        ))}
    </dl>
  )
}

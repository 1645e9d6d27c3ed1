/** The events of the audit log as a table with expandable rows. */
import { Fragment, type ReactNode, useState } from 'react'
import { texts } from '../texts/all.ts'
import { Button } from '../ui/button.tsx'
import { deviceOf } from '../ui/device.ts'
import { Icon } from '../ui/icons.tsx'
import { Time } from '../ui/time.tsx'
import type { AuditEvent } from './audit-export.ts'
import { Named, type Reader, Sentence } from './audit-sentence.tsx'

export function EventTable({ events, reader }: { events: readonly AuditEvent[]; reader: Reader }) {
  const [open, setOpen] = useState<string>()
  return (
    <div className="table-wrap">
      <table className="cards audit">
        <thead>
          <tr>
            <th className="time">{texts.audit.time}</th>
            <th>{texts.audit.what}</th>
            <th className="address">{texts.audit.address}</th>
            <th className="opens">
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
                  <span>
                    <Sentence event={event} reader={reader} />
                    <Outcome outcome={event.outcome} />
                    {event.count > 1 && <span className="badge">{texts.audit.times(event.count)}</span>}
                  </span>
                </td>
                <td data-label={texts.audit.address} className="mono">
                  <Address of={event.address} />
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
                  <td colSpan={4} className="sunken">
                    <Details event={event} reader={reader} />
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

const LOOKS: Readonly<Record<string, string>> = { refused: 'warn', throttled: 'bad', failed: 'bad' }

/** A badge for refused, throttled and failed events; success and expiry need none. */
function Outcome({ outcome }: { outcome: string }) {
  const look = LOOKS[outcome]
  return look && <span className={`badge ${look}`}>{texts.audit.outcomes[outcome] ?? outcome}</span>
}

/** An address that may wrap only between the groups of IPv6. */
function Address({ of }: { of: string }) {
  return (
    <span className="address">
      {of.split(/(?<=:)/).map((group, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the groups of an address never change their order
        <Fragment key={at}>
          {at > 0 && <wbr />}
          {group}
        </Fragment>
      ))}
    </span>
  )
}

function Statement({ children }: { children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long one scrolls, so the keyboard must reach it
    <pre className="code statement" tabIndex={0}>
      {children}
    </pre>
  )
}

function Details({ event, reader }: { event: AuditEvent; reader: Reader }) {
  const { fields, types } = texts.audit
  const { actor, target } = event
  const isCurrent = (field: string) => event.currentNames?.includes(field) ?? false
  const what = (type: string, id?: string, name?: string, field = '', actorID?: string) =>
    (id || name) && (
      <>
        {name && (
          <Named
            {...{ type, id, reader }}
            // Of the actor's own token the organization is not known.
            orgID={actorID ? undefined : target.orgID}
            userID={actorID ?? target.userID}
            isCurrent={isCurrent(field)}
          >
            {name}
          </Named>
        )}{' '}
        {id && <code>{id}</code>}
      </>
    )
  const rows: readonly [string, ReactNode][] = [
    [fields.time, event.time],
    [fields.event, `${event.event} · ${event.outcome}`],
    [fields.actor, what('user', actor.userID, actor.userName, 'actor.userName')],
    [fields.session, what('session', actor.sessionID)],
    [
      fields.token,
      what(
        'authorization',
        actor.authorizationID,
        actor.authorizationDescription,
        'actor.authorizationDescription',
        actor.userID,
      ),
    ],
    [
      fields.target,
      <>
        {types[target.type] ?? target.type}{' '}
        {what(target.type, target.id, target.summary ?? target.name, 'target.name')}
      </>,
    ],
    [
      fields.user,
      target.userID !== actor.userID && what('user', target.userID, target.userName, 'target.userName'),
    ],
    [fields.org, what('organization', target.orgID, target.orgName, 'target.orgName')],
    [fields.status, event.status],
    [fields.duration, event.durationMs !== undefined && texts.audit.milliseconds(event.durationMs)],
    [fields.statement, event.statement && <Statement key="statement">{event.statement}</Statement>],
    [fields.address, event.address],
    [fields.device, event.userAgent && `${deviceOf(event.userAgent)} (${event.userAgent})`],
    [fields.request, event.requestId],
    [fields.count, event.count > 1 ? String(event.count) : undefined],
    [fields.id, <code key="id">{event.id}</code>],
  ]
  return (
    <dl className="facts small">
      {rows
        .filter(([, value]) => value)
        .map(([label, value]) => (
          <Fragment key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
    </dl>
  )
}

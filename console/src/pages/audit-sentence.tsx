/** An audit event as a sentence, with links to the users and resources in it. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { type Mention, sentenceOf } from '../../../src/domain/audit/audit-sentence.ts'
import { texts } from '../texts/all.ts'
import type { AuditEvent } from './audit-export.ts'

/** The user reading the log. Operators get links to all users and tokens, others only to themselves and their own. */
export interface Reader {
  readonly id: string | undefined
  readonly operator: boolean
}

export function Sentence({ event, reader }: { event: AuditEvent; reader: Reader }) {
  const { authorizationID, authorizationDescription } = event.actor
  return (
    <span className="sentence">
      {sentenceOf(event).map((part, at) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one event never change their order
        typeof part === 'string' ? part : <Mentioned key={at} mention={part} event={event} reader={reader} />,
      )}
      {authorizationID && (
        <span className="muted">
          {event.outcome === 'success' ? texts.audit.byToken : texts.audit.usingToken}
          <Named type="authorization" id={authorizationID} userID={event.actor.userID} reader={reader}>
            {authorizationDescription || authorizationID}
          </Named>
        </span>
      )}
    </span>
  )
}

function Mentioned({ mention, event, reader }: { mention: Mention; event: AuditEvent; reader: Reader }) {
  const { type, id, text, isName, isCurrent } = mention
  if (!id && !isName) return text
  const isGone = event.event.endsWith('.delete') && event.outcome === 'success' && id === event.target.id
  return (
    <Named
      type={type}
      id={isGone ? undefined : id}
      orgID={event.target.orgID}
      userID={event.target.userID}
      isCurrent={isCurrent}
      reader={reader}
    >
      {text}
    </Named>
  )
}

/** A name, or an id in its place, linked if there is a page that the reader may open. */
export function Named({
  type,
  id,
  orgID,
  userID,
  isCurrent = false,
  reader,
  children,
}: {
  type: string
  id: string | undefined
  /** The organization of a bucket or token, if it is known. */
  orgID?: string | undefined
  /** The owner of a token. */
  userID?: string | undefined
  isCurrent?: boolean
  reader: Reader
  children: string
}) {
  const name = <bdi className="name">{children}</bdi>
  return (
    <>
      {linked(name, { type, id, orgID, userID }, reader)}
      {isCurrent && (
        <span className="muted" title={texts.audit.currentHelp}>
          {texts.audit.current}
        </span>
      )}
    </>
  )
}

function linked(
  name: ReactNode,
  {
    type,
    id,
    orgID,
    userID,
  }: Readonly<Record<'id' | 'orgID' | 'userID', string | undefined>> & { type: string },
  reader: Reader,
): ReactNode {
  const organization = type === 'bucket' ? orgID : id
  if (!id) return name
  if (type === 'user' && reader.operator) {
    return (
      <Link to="/people/$id" params={{ id }}>
        {name}
      </Link>
    )
  }
  if (type === 'user' && id === reader.id) return <Link to="/account">{name}</Link>
  if ((type === 'organization' || type === 'bucket') && organization) {
    return (
      <Link to="/organizations/$id" params={{ id: organization }}>
        {name}
      </Link>
    )
  }
  // Who is no operator reads the events of own organizations alone, and may open the tokens in them.
  if (type === 'authorization' && (reader.operator || orgID || userID === reader.id)) {
    return (
      <Link to="/tokens/$id" params={{ id }}>
        {name}
      </Link>
    )
  }
  return name
}

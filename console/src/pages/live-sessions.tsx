/** Everybody's live sessions, for operators. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Shapes } from '../api/client.ts'
import { liveSessions, PAGE } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { deviceOf } from '../ui/device.ts'
import { ConfirmDialog } from '../ui/dialog.tsx'
import { Empty, Loaded, Notice } from '../ui/feedback.tsx'
import { useListState } from '../ui/list-state.ts'
import { ActionMenu } from '../ui/menu.tsx'
import { Restricted } from '../ui/no-access.tsx'
import { Card, PageTitle } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { endSession, endSessionsOf } from '../ui/session-requests.ts'
import { Ago, Time } from '../ui/time.tsx'
import { say } from '../ui/toast.tsx'

type Session = Shapes['ListedSession']

const route = getRouteApi('/inside/sessions')
const nameOf = ({ userName, userID }: Session) => userName ?? userID

export function LiveSessionsPage() {
  return (
    <Restricted title={texts.liveSessions.title}>
      <LiveSessions />
    </Restricted>
  )
}

function LiveSessions() {
  const list = useListState(route.useSearch())
  const { page, search, setPage } = list
  const query = useQuery({ ...liveSessions(search, page), placeholderData: keepPreviousData })
  const [ending, setEnding] = useState<{ session: Session; all: boolean }>()
  return (
    <div className="broad">
      <PageTitle title={texts.liveSessions.title} lead={texts.liveSessions.lead} />
      <Card>
        <div className="filter one">
          <SearchField
            label={texts.liveSessions.search}
            placeholder={texts.liveSessions.searchIn}
            list={list}
          />
        </div>
        <Loaded query={query} lines={8}>
          {({ sessions, total, complete }) => (
            <>
              {!complete && (
                <div className="card-body">
                  <Notice>{texts.liveSessions.incomplete(total)}</Notice>
                </div>
              )}
              {total === 0 ? (
                <Empty icon="device" title={texts.liveSessions.none}>
                  {search && texts.liveSessions.noneText(search)}
                </Empty>
              ) : (
                <>
                  <SessionTable sessions={sessions} onEnd={(session, all) => setEnding({ session, all })} />
                  <Pager page={page} size={PAGE} total={total} onPage={setPage} />
                </>
              )}
            </>
          )}
        </Loaded>
      </Card>
      {ending && <EndDialog {...ending} onClose={() => setEnding(undefined)} />}
    </div>
  )
}

function SessionTable({
  sessions,
  onEnd,
}: {
  sessions: readonly Session[]
  onEnd: (session: Session, all: boolean) => void
}) {
  const heads = texts.liveSessions
  return (
    <div className="table-wrap">
      <table className="cards sessions">
        <thead>
          <tr>
            <th>{heads.user}</th>
            <th>{heads.device}</th>
            <th>{heads.method}</th>
            <th>{heads.address}</th>
            <th>{heads.signedIn}</th>
            <th>{heads.lastUsed}</th>
            <th>{heads.expires}</th>
            <th className="end">
              <span className="hidden">{texts.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr key={session.id} className="hover">
              <td>
                <Link to="/people/$id" params={{ id: session.userID }} className="strong">
                  <bdi>{nameOf(session)}</bdi>
                </Link>
              </td>
              <td data-label={heads.device}>
                <span className="row tight">
                  <span title={session.userAgent}>{deviceOf(session.userAgent)}</span>
                  {session.current && <span className="badge good">{texts.account.thisOne}</span>}
                  {session.remembered && <span className="badge">{texts.account.keptSignedIn}</span>}
                </span>
              </td>
              <td data-label={heads.method} className="unbroken">
                {heads.methods[session.method] ?? session.method}
              </td>
              <td data-label={heads.address} className="mono unbroken">
                {session.address}
              </td>
              <td data-label={heads.signedIn} className="nowrap">
                <Time at={session.createdAt} />
              </td>
              <td data-label={heads.lastUsed} className="nowrap">
                <Ago at={session.lastUsedAt} />
              </td>
              <td data-label={heads.expires} className="nowrap">
                <Ago at={session.expiresAt} />
              </td>
              <td className="end">
                <Actions session={session} onEnd={onEnd} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Actions({ session, onEnd }: { session: Session; onEnd: (session: Session, all: boolean) => void }) {
  const navigate = useNavigate()
  const name = nameOf(session)
  return (
    <ActionMenu
      label={texts.liveSessions.actionsOf(name)}
      groups={[
        [
          {
            ...{ id: 'events', label: texts.liveSessions.eventsOf },
            act: () => navigate({ to: '/audit', search: { userID: session.userID } }),
          },
        ],
        [
          // One's own is ended by signing out.
          ...(session.current
            ? []
            : [
                { id: 'end', bad: true, label: texts.liveSessions.end, act: () => onEnd(session, false) },
                {
                  ...{ id: 'end-all', bad: true, label: texts.liveSessions.endAllOf(name) },
                  act: () => onEnd(session, true),
                },
              ]),
        ],
      ].filter((group) => group.length > 0)}
    />
  )
}

function EndDialog({ session, all, onClose }: { session: Session; all: boolean; onClose: () => void }) {
  const queries = useQueryClient()
  const { endAllOf, end, endAllOfText, endText, ended, endedAll } = texts.liveSessions
  const name = nameOf(session)
  async function endNow(): Promise<void> {
    await (all ? endSessionsOf(session.userID) : endSession(session.userID, session.id))
    await queries.invalidateQueries({ queryKey: ['sessions'] })
    say(all ? endedAll(name) : ended(name))
  }
  return (
    <ConfirmDialog
      title={all ? endAllOf(name) : end}
      text={all ? endAllOfText(name) : endText(name)}
      submit={all ? texts.people.endAll : end}
      onClose={onClose}
      onConfirm={endNow}
    />
  )
}

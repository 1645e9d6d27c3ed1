import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { api, got, type Shapes } from '../api/client.ts'
import { grantsOf, organizations, person, sessionsOf, trafficOfUser } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { linkTexts } from '../texts/one-time-links.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { ConfirmDialog, FormDialog } from '../ui/dialog.tsx'
import { ErrorNotice, Loaded } from '../ui/feedback.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { GrantsList } from '../ui/grants-list.tsx'
import { Help } from '../ui/help.tsx'
import { Card, PageTitle } from '../ui/page.tsx'
import { CopyButton } from '../ui/secret.tsx'
import { endSession, endSessionsOf } from '../ui/session-requests.ts'
import { SessionsList } from '../ui/sessions-list.tsx'
import { HandOver } from '../ui/shown-once.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { randomPassword } from '../ui/strength.ts'
import { say } from '../ui/toast.tsx'
import { type SpanName, SpanSelect, TrafficFigures } from '../ui/traffic-chart.tsx'
import { useAct } from '../ui/use-act.ts'
import { useRights } from '../ui/use-rights.ts'
import { EmailCard } from './email-card.tsx'
import { Identities, SwitchedOffTokens } from './identities.tsx'
import { addMember, type Role, RoleField } from './member-roles.tsx'
import { PasswordLink } from './password-link.tsx'
import { PersonFactors } from './person-factors.tsx'

type User = Shapes['User']
const crumb = { to: '/people', label: texts.people.back }

export function PersonPage() {
  const { id } = useParams({ from: '/inside/people/$id' })
  const user = useQuery(person(id))
  const { operator } = useRights()
  return (
    <Loaded query={user} head={<PageTitle title={texts.people.one} crumb={operator ? crumb : undefined} />}>
      {(found) => (
        <>
          <Head user={found} />
          <div className="stack">
            <Memberships user={found} />
            <Traffic user={found} />
            <Sessions user={found} />
            <Identities user={found} />
            <SwitchedOffTokens user={found} />
            <PersonFactors user={found} />
            <EmailCard userID={found.id} />
            <Danger user={found} />
          </div>
        </>
      )}
    </Loaded>
  )
}

function useChange({ id }: User) {
  const queries = useQueryClient()
  return async (body: { name?: string; status?: string }, said: string) => {
    const changed = await got(api.PATCH('/api/v2/users/{id}', { params: { path: { id } }, body }))
    queries.setQueryData(person(id).queryKey, changed)
    await queries.invalidateQueries({ queryKey: ['users'] })
    await queries.invalidateQueries(sessionsOf(id))
    say(said)
  }
}

function Head({ user }: { user: User }) {
  const change = useChange(user)
  const rights = useRights()
  const mayWrite = rights.may('write', 'users', { id: user.id })
  const grants = useQuery(grantsOf(user.id)).data
  const [dialog, setDialog] = useState<'rename' | 'reset' | 'link'>()
  const [password, setPassword] = useState<string>()
  const close = () => setDialog(undefined)
  async function reset(): Promise<void> {
    const chosen = randomPassword()
    const params = { path: { id: user.id } }
    await got(
      api.POST('/api/v2/users/{id}/password', { params, body: { password: chosen, mustChange: true } }),
    )
    setPassword(chosen)
  }
  return (
    <>
      <PageTitle
        title={user.name}
        crumb={rights.operator ? crumb : undefined}
        badge={
          <>
            <StatusBadge status={user.status} />
            {grants?.operator && <span className="badge accent">{texts.people.operator}</span>}
          </>
        }
        lead={
          <span className="row">
            <code>{user.id}</code>
            <CopyButton text={user.id} />
          </span>
        }
      >
        {rights.operator && (
          <Link to="/audit" search={{ userID: user.id }} className={buttonClass()}>
            {texts.people.audit}
          </Link>
        )}
        {mayWrite && (
          <>
            <Button onClick={() => setDialog('rename')}>{texts.people.rename}</Button>
            <Button onClick={() => setDialog('link')}>{linkTexts.resetLink}</Button>
            <Button onClick={() => setDialog('reset')}>{texts.people.reset}</Button>
          </>
        )}
      </PageTitle>
      {dialog === 'rename' && (
        <Rename
          name={user.name}
          onClose={close}
          onRename={(name) => change({ name }, texts.people.renamed(name))}
        />
      )}
      {dialog === 'link' && <PasswordLink user={user} onClose={close} />}
      {dialog === 'reset' && (
        <ConfirmDialog
          title={texts.people.reset}
          text={texts.people.resetText(user.name)}
          onClose={close}
          onConfirm={reset}
        />
      )}
      {password !== undefined && (
        <HandOver name={user.name} password={password} onClose={() => setPassword(undefined)} />
      )}
    </>
  )
}

function Rename({
  name: old,
  onClose,
  onRename,
}: {
  name: string
  onClose: () => void
  onRename: (name: string) => Promise<unknown>
}) {
  const [name, setName] = useState(old)
  return (
    <FormDialog
      title={texts.people.rename}
      submit={texts.save}
      onClose={onClose}
      onSubmit={() => onRename(name)}
    >
      <TextField
        label={texts.fields.name}
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
    </FormDialog>
  )
}

function Memberships({ user: { id } }: { user: User }) {
  const grants = useQuery(grantsOf(id))
  const rights = useRights()
  const orgs = useQuery(organizations).data ?? []
  const [adding, setAdding] = useState(false)
  const joined = new Set(grants.data?.grants.map(({ resource }) => resource?.id))
  const writable = orgs.filter((org) => rights.may('write', 'orgs', { id: org.id, orgID: org.id }))
  return (
    <Card
      title={texts.people.memberships}
      actions={
        writable.length > 0 &&
        grants.data && (
          <Button small onClick={() => setAdding(true)}>
            {texts.people.addToOrganization}
          </Button>
        )
      }
    >
      <Loaded query={grants}>
        {({ grants: found }) => {
          const more = found.filter(({ kind }) => kind !== 'self')
          return more.length > 0 ? (
            <GrantsList grants={more} self={id} ofOther />
          ) : (
            <div className="card-body">
              <p>{texts.people.noMemberships}</p>
              <p className="muted">{texts.people.noMembershipsText}</p>
            </div>
          )
        }}
      </Loaded>
      {adding && (
        <AddToOrganization
          userID={id}
          orgs={writable.filter((org) => !joined.has(org.id))}
          onClose={() => setAdding(false)}
        />
      )}
    </Card>
  )
}

function AddToOrganization({
  userID,
  orgs,
  onClose,
}: {
  userID: string
  orgs: readonly { readonly id: string; readonly name: string }[]
  onClose: () => void
}) {
  const queries = useQueryClient()
  const [orgID, setOrgID] = useState(orgs[0]?.id ?? '')
  const [role, setRole] = useState<Role>('member')
  async function add(): Promise<void> {
    await addMember(orgID, role, userID)
    await queries.invalidateQueries({ queryKey: ['users'] })
    await queries.invalidateQueries({ queryKey: ['orgs'] })
    say(texts.people.joined(orgs.find(({ id }) => id === orgID)?.name ?? orgID))
  }
  return (
    <FormDialog
      title={texts.people.addToOrganization}
      submit={texts.people.addSubmit}
      canSubmit={orgID !== ''}
      onClose={onClose}
      onSubmit={add}
    >
      {orgs.length === 0 ? (
        <p>{texts.people.inAll}</p>
      ) : (
        <>
          <SelectField
            label={texts.people.organization}
            value={orgID}
            onChange={(event) => setOrgID(event.target.value)}
          >
            {orgs.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </SelectField>
          <RoleField role={role} onChange={setRole} />
        </>
      )}
    </FormDialog>
  )
}

/** Nothing on a server that forwards nothing. */
function Traffic({ user: { id } }: { user: User }) {
  const traffic = useQuery(trafficOfUser(id))
  const [span, setSpan] = useState<SpanName>('lastDay')
  if (traffic.data?.forwards === false) return null
  return (
    <Card
      title={texts.traffic.title}
      help={<Help about={texts.traffic.title}>{texts.traffic.help}</Help>}
      actions={<SpanSelect span={span} onChange={setSpan} />}
    >
      <Loaded query={traffic} lines={3}>
        {(found) => (
          <div className="card-body">
            <TrafficFigures traffic={found} span={span} />
          </div>
        )}
      </Loaded>
    </Card>
  )
}

function Sessions({ user: { id, name } }: { user: User }) {
  const queries = useQueryClient()
  const sessions = useQuery(sessionsOf(id))
  const [ending, setEnding] = useState(false)
  async function refresh(said: string): Promise<void> {
    await queries.invalidateQueries({ queryKey: ['sessions'] })
    say(said)
  }
  const end = useAct(async (sessionID: string) => {
    await endSession(id, sessionID)
    await refresh(texts.account.ended)
  })
  async function endAll(): Promise<void> {
    await endSessionsOf(id)
    await refresh(texts.people.sessionsEnded(name))
  }
  return (
    <Card
      title={texts.people.sessions}
      actions={
        (sessions.data?.length ?? 0) > 0 && (
          <Button small look="bad" onClick={() => setEnding(true)}>
            {texts.people.endAll}
          </Button>
        )
      }
    >
      <ErrorNotice error={end.error} />
      <Loaded query={sessions} lines={2}>
        {(found) =>
          found.length === 0 ? (
            <p className="card-body muted">{texts.people.noSessions}</p>
          ) : (
            <SessionsList
              sessions={found}
              action={(session) => (
                <Button small busy={end.busy} onClick={() => end.run(session.id)}>
                  {texts.account.end}
                </Button>
              )}
            />
          )
        }
      </Loaded>
      {ending && (
        <ConfirmDialog
          title={texts.people.endAll}
          text={texts.people.endAllText(name)}
          onClose={() => setEnding(false)}
          onConfirm={endAll}
        />
      )}
    </Card>
  )
}

function Danger({ user }: { user: User }) {
  const { id, name, status } = user
  const change = useChange(user)
  const queries = useQueryClient()
  const navigate = useNavigate()
  const rights = useRights()
  const own = rights.userID === id
  const mayWrite = rights.may('write', 'users', { id })
  const [dialog, setDialog] = useState<'off' | 'delete'>()
  const activate = useAct(() => change({ status: 'active' }, texts.people.activated(name)))
  const close = () => setDialog(undefined)
  async function remove(): Promise<void> {
    await got(api.DELETE('/api/v2/users/{id}', { params: { path: { id } } }))
    await navigate({ to: '/people' })
    await queries.invalidateQueries({ queryKey: ['users'] })
    say(texts.people.deleted(name))
  }
  if (own || !mayWrite) return null
  return (
    <Card title={texts.people.danger} bad>
      <ul className="lines">
        <li className="row between">
          <div className="grow">
            <h3>{status === 'active' ? texts.people.deactivateTitle : texts.people.activateTitle}</h3>
            <p className="muted">
              {status === 'active' ? texts.people.deactivateText(name) : texts.people.activateText(name)}
            </p>
          </div>
          {status === 'active' ? (
            <Button look="bad" onClick={() => setDialog('off')}>
              {texts.people.deactivate}
            </Button>
          ) : (
            <Button busy={activate.busy} onClick={() => activate.run()}>
              {texts.people.activate}
            </Button>
          )}
        </li>
        <li className="row between">
          <div className="grow">
            <h3>{texts.people.deleteTitle}</h3>
            <p className="muted">{texts.people.deleteText(name)}</p>
          </div>
          <Button look="bad" onClick={() => setDialog('delete')}>
            {texts.people.delete}
          </Button>
        </li>
      </ul>
      <ErrorNotice error={activate.error} />
      {dialog === 'off' && (
        <ConfirmDialog
          title={texts.people.deactivate}
          text={texts.people.deactivateText(name)}
          onClose={close}
          onConfirm={() => change({ status: 'inactive' }, texts.people.deactivated(name))}
        />
      )}
      {dialog === 'delete' && (
        <ConfirmDialog
          title={texts.people.delete}
          text={texts.people.deleteText(name)}
          typed={name}
          onClose={close}
          onConfirm={remove}
        />
      )}
    </Card>
  )
}

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useRouterState } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { api, got } from '../api/client.ts'
import { grantsOf, hasToDoWithFactors, me, mySessions, ownFactors } from '../api/queries.ts'
import { noteSignedIn } from '../api/reauthentication.ts'
import { ChangeForm } from '../session/change-form.tsx'
import { changePassword } from '../session/sign-in.ts'
import { texts } from '../texts/all.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog, FormDialog } from '../ui/dialog.tsx'
import { ErrorNotice, Loaded, Notice } from '../ui/feedback.tsx'
import { TextField } from '../ui/field.tsx'
import { GrantsList } from '../ui/grants-list.tsx'
import { Card, PageTitle } from '../ui/page.tsx'
import { CopyButton } from '../ui/secret.tsx'
import { SessionsList } from '../ui/sessions-list.tsx'
import { say } from '../ui/toast.tsx'
import { useAct } from '../ui/use-act.ts'
import { EmailCard } from './email-card.tsx'
import { SwitchedOffTokens } from './identities.tsx'
import { OwnIdentities } from './own-identities.tsx'

const TABS = [
  ['/account', texts.nav.profile],
  ['/account/sessions', texts.nav.sessions],
  ['/account/permissions', texts.nav.permissions],
] as const

const FACTORS = ['/account/second-factors', texts.nav.secondFactors] as const

export function Account({ children }: { children: ReactNode }) {
  const own = useQuery(ownFactors).data
  const tabs = hasToDoWithFactors(own) ? [...TABS, FACTORS] : TABS
  const path = useRouterState({ select: ({ location }) => location.pathname })
  return (
    <>
      <PageTitle title={texts.account.title} />
      <nav className="subnav" aria-label={texts.account.title}>
        {tabs.map(([to, label]) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: true }}
            aria-current={path === to ? 'page' : undefined}
          >
            {label}
          </Link>
        ))}
      </nav>
      {children}
    </>
  )
}

export function ProfilePage() {
  const user = useQuery(me)
  const [renaming, setRenaming] = useState(false)
  const [changed, setChanged] = useState(false)
  return (
    <Account>
      <Loaded query={user}>
        {({ id, name }) => (
          <div className="stack">
            <Card
              title={texts.account.profile}
              actions={
                <Button small onClick={() => setRenaming(true)}>
                  {texts.account.rename}
                </Button>
              }
            >
              <dl className="card-body facts">
                <dt>{texts.fields.name}</dt>
                <dd className="strong">{name}</dd>
                <dt>{texts.account.id}</dt>
                <dd className="row">
                  <code>{id}</code>
                  <CopyButton text={id} />
                </dd>
              </dl>
            </Card>
            <EmailCard userID={id} />
            <Card title={texts.account.password}>
              <div className="card-body stack">
                <p className="muted">{texts.account.passwordText}</p>
                {changed && <Notice kind="good">{texts.account.changed}</Notice>}
                <ChangeForm
                  name={name}
                  submit={texts.account.change}
                  onChange={async (old, chosen) => {
                    setChanged(false)
                    await changePassword(name, old, chosen)
                    setChanged(true)
                  }}
                />
              </div>
            </Card>
            <OwnIdentities user={{ id, name }} />
            <SwitchedOffTokens user={{ id, name }} />
            {renaming && <Rename id={id} name={name} onClose={() => setRenaming(false)} />}
          </div>
        )}
      </Loaded>
    </Account>
  )
}

function Rename({ id, name: old, onClose }: { id: string; name: string; onClose: () => void }) {
  const queries = useQueryClient()
  const [name, setName] = useState(old)
  async function rename(): Promise<void> {
    await got(api.PATCH('/api/v2/users/{id}', { params: { path: { id } }, body: { name } }))
    noteSignedIn({ id, name })
    await queries.invalidateQueries()
    say(texts.account.renamed(name))
  }
  return (
    <FormDialog title={texts.account.rename} submit={texts.save} onClose={onClose} onSubmit={rename}>
      <TextField
        label={texts.fields.name}
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
    </FormDialog>
  )
}

export function SessionsPage() {
  const queries = useQueryClient()
  const sessions = useQuery(mySessions)
  const [endingOthers, setEndingOthers] = useState(false)
  const end = useAct(async (id: string) => {
    await got(api.DELETE('/api/v2/me/sessions/{id}', { params: { path: { id } } }))
    await queries.invalidateQueries(mySessions)
    say(texts.account.ended)
  })
  async function endOthers(): Promise<void> {
    await got(api.DELETE('/api/v2/me/sessions'))
    await queries.invalidateQueries(mySessions)
    say(texts.account.ended)
  }
  const hasOthers = (sessions.data?.length ?? 0) > 1
  return (
    <Account>
      <Card
        title={texts.account.sessions}
        actions={
          hasOthers && (
            <Button small look="bad" onClick={() => setEndingOthers(true)}>
              {texts.account.endOthers}
            </Button>
          )
        }
      >
        <ErrorNotice error={end.error} />
        <Loaded query={sessions}>
          {(found) => (
            <SessionsList
              sessions={found}
              action={({ id, current }) =>
                current ? null : (
                  <Button small busy={end.busy} onClick={() => end.run(id)}>
                    {texts.account.end}
                  </Button>
                )
              }
            />
          )}
        </Loaded>
        <p className="card-body muted small" style={{ paddingTop: 0 }}>
          {hasOthers ? texts.account.sessionsText : texts.account.noOthers}
        </p>
      </Card>
      {endingOthers && (
        <ConfirmDialog
          title={texts.account.endOthers}
          text={texts.account.endOthersText}
          onClose={() => setEndingOthers(false)}
          onConfirm={endOthers}
        />
      )}
    </Account>
  )
}

export function PermissionsPage() {
  const user = useQuery(me).data
  const grants = useQuery({ ...grantsOf(user?.id ?? ''), enabled: user !== undefined })
  return (
    <Account>
      <div className="stack">
        <Loaded query={grants}>
          {({ grants: found, operator }) => (
            <>
              {operator && <Notice kind="good">{texts.account.operator}</Notice>}
              {found.length === 1 && <Notice>{texts.account.only}</Notice>}
              <Card title={texts.account.permissions}>
                <p className="card-body muted" style={{ paddingBottom: 4 }}>
                  {texts.account.permissionsText}
                </p>
                <GrantsList grants={found} self={user?.id} />
              </Card>
            </>
          )}
        </Loaded>
      </div>
    </Account>
  )
}

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useRouterState } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { api, got, type Shapes } from '../api/client.ts'
import { organization } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog, FormDialog } from '../ui/dialog.tsx'
import { Loaded } from '../ui/feedback.tsx'
import { TextField } from '../ui/field.tsx'
import { Card, PageTitle } from '../ui/page.tsx'
import { CopyButton } from '../ui/secret.tsx'
import { Time } from '../ui/time.tsx'
import { say } from '../ui/toast.tsx'
import { useRights } from '../ui/use-rights.ts'
import { OpenInvitations } from './invite.tsx'
import { Buckets } from './organization-buckets.tsx'
import { OrganizationPeople } from './organization-people.tsx'

type Organization = Shapes['Organization']
const { organizations: words } = texts
const crumb = { to: '/organizations', label: words.back }

export const MembersPage = () => (
  <Tab>
    {(org) => (
      <div className="stack">
        <OrganizationPeople org={org} />
        <OpenInvitations orgID={org.id} />
      </div>
    )}
  </Tab>
)
export const BucketsPage = () => <Tab>{(org) => <Buckets orgID={org.id} />}</Tab>
export const SettingsPage = () => <Tab>{(org) => <Settings org={org} />}</Tab>

/** The page of an organization, with one of its tabs open. */
function Tab({ children }: { children: (org: Organization) => ReactNode }) {
  const { id } = useParams({ strict: false })
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const query = useQuery(organization(id ?? ''))
  const tabs = [
    ['/organizations/$id', words.people],
    ['/organizations/$id/buckets', words.buckets],
    ['/organizations/$id/settings', words.settings],
  ] as const
  return (
    <Loaded query={query} head={<PageTitle title={words.one} crumb={crumb} />}>
      {(found) => (
        <>
          <PageTitle title={found.name} crumb={crumb} lead={found.description || undefined} />
          <nav className="subnav" aria-label={found.name}>
            {tabs.map(([to, label]) => (
              <Link
                key={to}
                to={to}
                params={{ id: found.id }}
                activeOptions={{ exact: true }}
                aria-current={path === to.replace('$id', found.id) ? 'page' : undefined}
              >
                {label}
              </Link>
            ))}
          </nav>
          <div className="stack">{children(found)}</div>
        </>
      )}
    </Loaded>
  )
}

function Settings({ org }: { org: Organization }) {
  const mayWrite = useRights().may('write', 'orgs', { id: org.id })
  const [changing, setChanging] = useState(false)
  return (
    <>
      <Card
        title={words.settings}
        actions={
          mayWrite && (
            <Button small onClick={() => setChanging(true)}>
              {texts.edit}
            </Button>
          )
        }
      >
        <dl className="card-body facts">
          <dt>{words.name}</dt>
          <dd className="strong">{org.name}</dd>
          <dt>{words.description}</dt>
          <dd>{org.description || <span className="muted">{words.noDescription}</span>}</dd>
          <dt>{words.id}</dt>
          <dd className="row">
            <code>{org.id}</code>
            <CopyButton text={org.id} />
          </dd>
          <dt>{words.created}</dt>
          <dd>
            <Time at={org.createdAt} />
          </dd>
        </dl>
      </Card>
      {mayWrite && <Danger org={org} />}
      {changing && <ChangeSettings org={org} onClose={() => setChanging(false)} />}
    </>
  )
}

function ChangeSettings({ org, onClose }: { org: Organization; onClose: () => void }) {
  const queries = useQueryClient()
  const [name, setName] = useState(org.name)
  const [description, setDescription] = useState(org.description ?? '')
  async function change(): Promise<void> {
    const params = { path: { id: org.id } }
    await got(api.PATCH('/api/v2/orgs/{id}', { params, body: { name, description } }))
    await queries.invalidateQueries()
    say(words.changed(name))
  }
  return (
    <FormDialog title={words.change} submit={texts.save} onClose={onClose} onSubmit={change}>
      <TextField
        label={words.name}
        required
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={words.description}
        value={description}
        onChange={(event) => setDescription(event.target.value)}
      />
    </FormDialog>
  )
}

function Danger({ org: { id, name } }: { org: Organization }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [confirming, setConfirming] = useState(false)
  async function remove(): Promise<void> {
    await got(api.DELETE('/api/v2/orgs/{id}', { params: { path: { id } } }))
    await navigate({ to: '/organizations' })
    await queries.invalidateQueries()
    say(words.deleted(name))
  }
  return (
    <Card title={words.danger} bad>
      <div className="card-body row between">
        <div className="grow">
          <h3>{words.deleteTitle}</h3>
          <p className="muted">{words.deleteText(name)}</p>
        </div>
        <Button look="bad" onClick={() => setConfirming(true)}>
          {words.delete}
        </Button>
      </div>
      {confirming && (
        <ConfirmDialog
          title={words.delete}
          text={words.deleteText(name)}
          typed={name}
          onClose={() => setConfirming(false)}
          onConfirm={remove}
        />
      )}
    </Card>
  )
}

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { api, got, type Shapes } from '../api/client.ts'
import { organization } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog, FormDialog } from '../ui/dialog.tsx'
import { Loaded } from '../ui/feedback.tsx'
import { TextField } from '../ui/field.tsx'
import { Card, PageTitle } from '../ui/page.tsx'
import { say } from '../ui/toast.tsx'
import { Buckets } from './organization-buckets.tsx'
import { OrganizationPeople } from './organization-people.tsx'

type Organization = Shapes['Organization']
const crumb = { to: '/organizations', label: texts.organizations.back }

export function OrganizationPage() {
  const { id } = useParams({ from: '/inside/organizations/$id' })
  const query = useQuery(organization(id))
  const [renaming, setRenaming] = useState(false)
  return (
    <Loaded query={query} head={<PageTitle title={texts.organizations.one} crumb={crumb} />}>
      {(found) => (
        <>
          <PageTitle title={found.name} crumb={crumb} lead={found.description || <code>{found.id}</code>}>
            <Button onClick={() => setRenaming(true)}>{texts.organizations.settings}</Button>
          </PageTitle>
          <div className="stack">
            <OrganizationPeople org={found} />
            <Buckets orgID={found.id} />
            <Danger org={found} />
          </div>
          {renaming && <Settings org={found} onClose={() => setRenaming(false)} />}
        </>
      )}
    </Loaded>
  )
}

function Settings({ org, onClose }: { org: Organization; onClose: () => void }) {
  const queries = useQueryClient()
  const [name, setName] = useState(org.name)
  const [description, setDescription] = useState(org.description ?? '')
  async function change(): Promise<void> {
    const params = { path: { id: org.id } }
    await got(api.PATCH('/api/v2/orgs/{id}', { params, body: { name, description } }))
    await queries.invalidateQueries()
    say(texts.saved)
  }
  return (
    <FormDialog title={texts.organizations.settings} submit={texts.save} onClose={onClose} onSubmit={change}>
      <TextField
        label={texts.organizations.name}
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={texts.organizations.description}
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
  }
  return (
    <Card title={texts.organizations.danger} bad>
      <div className="card-body row between">
        <div className="grow">
          <h3>{texts.organizations.deleteTitle}</h3>
          <p className="muted">{texts.organizations.deleteText(name)}</p>
        </div>
        <Button look="bad" onClick={() => setConfirming(true)}>
          {texts.organizations.delete}
        </Button>
      </div>
      {confirming && (
        <ConfirmDialog
          title={texts.organizations.delete}
          text={texts.organizations.deleteText(name)}
          typed={name}
          onClose={() => setConfirming(false)}
          onConfirm={remove}
        />
      )}
    </Card>
  )
}

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, got } from '../api/client.ts'
import { organizations } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { Button } from '../ui/button.tsx'
import { FormDialog } from '../ui/dialog.tsx'
import { Empty, Loaded } from '../ui/feedback.tsx'
import { TextField } from '../ui/field.tsx'
import { Icon } from '../ui/icons.tsx'
import { Card, PageTitle } from '../ui/page.tsx'
import { Time } from '../ui/time.tsx'

export function OrganizationsPage() {
  const query = useQuery(organizations)
  const [creating, setCreating] = useState(false)
  return (
    <>
      <PageTitle title={texts.organizations.title}>
        <Button look="primary" onClick={() => setCreating(true)}>
          <Icon name="plus" size={16} />
          {texts.organizations.create}
        </Button>
      </PageTitle>
      <Card>
        <Loaded query={query}>
          {(found) =>
            found.length === 0 ? (
              <Empty icon="organizations" title={texts.organizations.empty}>
                {texts.organizations.emptyText}
              </Empty>
            ) : (
              <div className="table-wrap">
                <table className="cards">
                  <thead>
                    <tr>
                      <th>{texts.organizations.name}</th>
                      <th>{texts.organizations.description}</th>
                      <th className="end">{texts.organizations.created}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {found.map(({ id, name, description, createdAt }) => (
                      <tr key={id} className="hover">
                        <td>
                          <Link to="/organizations/$id" params={{ id }} className="strong">
                            {name}
                          </Link>
                        </td>
                        <td className="muted">{description}</td>
                        <td className="end muted nowrap">
                          <Time at={createdAt} />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )
          }
        </Loaded>
      </Card>
      {creating && <CreateOrganization onClose={() => setCreating(false)} />}
    </>
  )
}

function CreateOrganization({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  async function create(): Promise<void> {
    const made = await got(api.POST('/api/v2/orgs', { body: { name, description } }))
    await queries.invalidateQueries()
    await navigate({ to: '/organizations/$id', params: { id: made.id } })
  }
  return (
    <FormDialog
      title={texts.organizations.create}
      submit={texts.organizations.submit}
      onClose={onClose}
      onSubmit={create}
    >
      <p className="muted">{texts.organizations.createText}</p>
      <TextField
        label={texts.organizations.name}
        required
        autoFocus
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={texts.organizations.description}
        autoComplete="off"
        value={description}
        onChange={(event) => setDescription(event.target.value)}
      />
    </FormDialog>
  )
}

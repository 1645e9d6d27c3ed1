import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { memo, useState } from 'react'
import { api, got, type Shapes } from '../api/client.ts'
import { PAGE, people } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { Button } from '../ui/button.tsx'
import { FormDialog } from '../ui/dialog.tsx'
import { Empty, Loaded } from '../ui/feedback.tsx'
import { TextField } from '../ui/field.tsx'
import { Icon } from '../ui/icons.tsx'
import { useListState } from '../ui/list-state.ts'
import { Card, PageTitle } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { HandOver } from '../ui/shown-once.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { randomPassword } from '../ui/strength.ts'

const route = getRouteApi('/inside/people')

export function PeoplePage() {
  const { page, typed, search, type, setPage } = useListState(route.useSearch())
  const query = useQuery({ ...people(search, page), placeholderData: keepPreviousData })
  const [creating, setCreating] = useState(false)
  const [made, setMade] = useState<{ name: string; password: string }>()
  return (
    <>
      <PageTitle title={texts.people.title}>
        <Button look="primary" onClick={() => setCreating(true)}>
          <Icon name="plus" size={16} />
          {texts.people.create}
        </Button>
      </PageTitle>
      <Card>
        <div className="filter">
          <TextField
            label={texts.people.search}
            type="search"
            value={typed}
            autoComplete="off"
            onChange={(event) => type(event.target.value)}
          />
        </div>
        <Loaded query={query} lines={8}>
          {({ users, total = users.length }) =>
            total === 0 ? (
              <Empty icon="people" title={search ? texts.people.empty : texts.people.first}>
                {search ? texts.people.emptyText(search) : texts.people.firstText}
              </Empty>
            ) : (
              <>
                <PeopleTable users={users} />
                <Pager page={page} size={PAGE} total={total} onPage={setPage} />
              </>
            )
          }
        </Loaded>
      </Card>
      {creating && <CreateUser onClose={() => setCreating(false)} onMade={setMade} />}
      {made && <HandOver {...made} onClose={() => setMade(undefined)} />}
    </>
  )
}

/** Memoized, so that typing in the search field does not render the table again. */
const PeopleTable = memo(function PeopleTable({ users }: { users: readonly Shapes['User'][] }) {
  return (
    <div className="table-wrap">
      <table>
        <thead>
          <tr>
            <th>{texts.fields.name}</th>
            <th className="roomy">{texts.people.id}</th>
            <th className="end">{texts.people.status}</th>
          </tr>
        </thead>
        <tbody>
          {users.map(({ id, name, status }) => (
            <tr key={id} className="hover">
              <td>
                <Link to="/people/$id" params={{ id }} className="strong">
                  {name}
                </Link>
              </td>
              <td className="roomy mono muted">{id}</td>
              <td className="end">
                <StatusBadge status={status} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
})

function CreateUser({
  onClose,
  onMade,
}: {
  onClose: () => void
  onMade: (made: { name: string; password: string }) => void
}) {
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [id, setID] = useState<string>()
  async function create(): Promise<void> {
    // If an earlier attempt failed at the password, the user exists already.
    const user = id ? { id } : await got(api.POST('/api/v2/users', { body: { name } }))
    setID(user.id)
    const password = randomPassword()
    const params = { path: { id: user.id } }
    await got(api.POST('/api/v2/users/{id}/password', { params, body: { password, mustChange: true } }))
    // Shown first: after an error below, the password would be lost.
    onMade({ name, password })
    queries.invalidateQueries({ queryKey: ['users'] })
  }
  return (
    <FormDialog title={texts.people.create} submit={texts.people.submit} onClose={onClose} onSubmit={create}>
      <p className="muted">{texts.people.createText}</p>
      <TextField
        label={texts.fields.name}
        required
        autoFocus
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        readOnly={id !== undefined}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
    </FormDialog>
  )
}

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { api, got } from '../api/client.ts'
import { type ListedOrganization, organizations, PAGE } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { Button } from '../ui/button.tsx'
import { FormDialog } from '../ui/dialog.tsx'
import { Empty, Loaded } from '../ui/feedback.tsx'
import { TextField } from '../ui/field.tsx'
import { Icon } from '../ui/icons.tsx'
import { pageOf, useListState } from '../ui/list-state.ts'
import { Card, PageTitle } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { SortHeader } from '../ui/sort-header.tsx'
import { Time } from '../ui/time.tsx'
import { useRights } from '../ui/use-rights.ts'

const route = getRouteApi('/inside/organizations')
const { organizations: words } = texts

export function OrganizationsPage() {
  const query = useQuery(organizations)
  const mayCreate = useRights().may('write', 'orgs')
  const [creating, setCreating] = useState(false)
  return (
    <>
      <PageTitle title={words.title}>
        {mayCreate && (
          <Button look="primary" onClick={() => setCreating(true)}>
            <Icon name="plus" size={16} />
            {words.create}
          </Button>
        )}
      </PageTitle>
      <Card>
        <Loaded query={query}>
          {(all) =>
            all.length === 0 ? (
              <Empty icon="organizations" title={words.empty}>
                {mayCreate ? words.emptyText : words.emptyMember}
              </Empty>
            ) : (
              <List all={all} />
            )
          }
        </Loaded>
      </Card>
      {creating && <CreateOrganization onClose={() => setCreating(false)} />}
    </>
  )
}

type Sort = 'name' | 'members' | 'buckets' | 'tokens' | 'created'

function sortValue({ name, counts, createdAt }: ListedOrganization, by: Sort): string | number {
  if (by === 'name') return name
  return by === 'created' ? Date.parse(createdAt) : (counts?.[by] ?? 0)
}

function listed(all: readonly ListedOrganization[], search: string, sort: string): ListedOrganization[] {
  const wanted = search.toLowerCase()
  const found = all.filter(({ id, name, description }) =>
    [id, name, description].some((text) => text.toLowerCase().includes(wanted)),
  )
  const by = sort.replace(/^-/, '') as Sort
  const order = sort.startsWith('-') ? -1 : 1
  return found.sort((one, other) => {
    const [a, b] = [sortValue(one, by), sortValue(other, by)]
    return order * (typeof a === 'string' ? a.localeCompare(String(b)) : a - Number(b))
  })
}

function List({ all }: { all: readonly ListedOrganization[] }) {
  const asked = route.useSearch()
  const list = useListState(asked)
  const sort = asked.sort ?? 'name'
  const found = useMemo(() => listed(all, list.search, sort), [all, list.search, sort])
  const { page, shown } = pageOf(found, list.page, PAGE)
  const columns: readonly (readonly [Sort, string])[] = [
    ['name', words.name],
    ['members', words.members],
    ['buckets', words.buckets],
    ['tokens', words.tokens],
    ['created', words.created],
  ]
  return (
    <>
      <div className="filter one">
        <SearchField label={words.search} list={list} />
      </div>
      {found.length === 0 ? (
        <Empty icon="search" title={words.noMatch}>
          {words.noMatchText(list.search)}
        </Empty>
      ) : (
        <>
          <div className="table-wrap">
            <table className="cards">
              <thead>
                <tr>
                  {columns.map(([column, label]) => (
                    <SortHeader
                      key={column}
                      column={column}
                      label={label}
                      sort={sort}
                      onSort={(next) => list.change({ sort: next })}
                    />
                  ))}
                </tr>
              </thead>
              <tbody>
                {shown.map(({ id, name, description, createdAt, counts }) => (
                  <tr key={id} className="hover">
                    <td>
                      <Link to="/organizations/$id" params={{ id }} className="strong">
                        {name}
                      </Link>
                      {description && <div className="muted small">{description}</div>}
                    </td>
                    <td data-label={words.members}>{counts?.members.toLocaleString()}</td>
                    <td data-label={words.buckets}>{counts?.buckets?.toLocaleString()}</td>
                    <td data-label={words.tokens}>{counts?.tokens?.toLocaleString()}</td>
                    <td data-label={words.created} className="muted nowrap">
                      <Time at={createdAt} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <Pager page={page} size={PAGE} total={found.length} onPage={list.setPage} />
        </>
      )}
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
    <FormDialog title={words.create} submit={words.submit} onClose={onClose} onSubmit={create}>
      <p className="muted">{words.createText}</p>
      <TextField
        label={words.name}
        required
        autoFocus
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={words.description}
        autoComplete="off"
        value={description}
        onChange={(event) => setDescription(event.target.value)}
      />
    </FormDialog>
  )
}

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { memo, useState } from 'react'
import {
  organizations,
  PAGE,
  PEOPLE_FILTERS,
  type PeopleFilter,
  type Person,
  peopleWithDetails,
} from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { linkTexts } from '../texts/one-time-links.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { Empty, Loaded } from '../ui/feedback.tsx'
import { FilterBar } from '../ui/filter-bar.tsx'
import { FilterSelect } from '../ui/filter-select.tsx'
import { Icon } from '../ui/icons.tsx'
import type { ListSearch } from '../ui/list-search.ts'
import { type ListState, useListState } from '../ui/list-state.ts'
import { Restricted } from '../ui/no-access.tsx'
import { Card, PageTitle } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { HandOver } from '../ui/shown-once.tsx'
import { SortHeader } from '../ui/sort-header.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { Ago } from '../ui/time.tsx'
import { useRights } from '../ui/use-rights.ts'
import { Invite, useMayInvite } from './invite.tsx'
import { type MadePerson, NewPerson } from './new-person.tsx'

const route = getRouteApi('/inside/people')
const { people: words } = texts

export function PeoplePage() {
  return (
    <Restricted title={words.title}>
      <People />
    </Restricted>
  )
}

function People() {
  const rights = useRights()
  const navigate = useNavigate()
  const [creating, setCreating] = useState(false)
  const [made, setMade] = useState<MadePerson>()
  const mayInvite = useMayInvite()
  const [inviting, setInviting] = useState(false)
  return (
    <>
      <PageTitle title={words.title}>
        {mayInvite && <Button onClick={() => setInviting(true)}>{linkTexts.invite}</Button>}
        {rights.may('write', 'users') && (
          <Button look="primary" onClick={() => setCreating(true)}>
            <Icon name="plus" size={16} />
            {words.create}
          </Button>
        )}
      </PageTitle>
      <Card>
        <List />
      </Card>
      {inviting && <Invite onClose={() => setInviting(false)} />}
      {creating && <NewPerson onClose={() => setCreating(false)} onMade={setMade} />}
      {made && (
        <HandOver
          name={made.name}
          password={made.password}
          onClose={() => navigate({ to: '/people/$id', params: { id: made.id } })}
        />
      )}
    </>
  )
}

function List() {
  const asked = route.useSearch()
  const list = useListState<PeopleFilter>(asked)
  const query = useQuery({ ...peopleWithDetails(asked), placeholderData: keepPreviousData })
  const isFiltered = Object.keys(asked).some((name) => name !== 'page' && name !== 'sort')
  return (
    <>
      <Filters asked={asked} list={list} isFiltered={isFiltered} />
      <Loaded query={query} lines={8}>
        {({ users, total = users.length }) =>
          users.length === 0 ? (
            <Empty icon="people" title={isFiltered ? words.empty : words.first}>
              {isFiltered ? words.emptyFilter : words.firstText}
            </Empty>
          ) : (
            <>
              <PeopleTable
                users={users}
                sort={asked.sort ?? 'name'}
                onSort={(sort) => list.change({ sort })}
              />
              <Pager page={list.page} size={PAGE} total={total} onPage={list.setPage} />
            </>
          )
        }
      </Loaded>
    </>
  )
}

function Filters({
  asked,
  list,
  isFiltered,
}: {
  asked: ListSearch<PeopleFilter>
  list: ListState<PeopleFilter>
  isFiltered: boolean
}) {
  const orgs = useQuery(organizations).data ?? []
  return (
    <FilterBar
      search={<SearchField label={words.search} list={list} />}
      count={PEOPLE_FILTERS.filter((name) => asked[name]).length}
      onClear={isFiltered ? list.clear : undefined}
    >
      <FilterSelect
        label={words.status}
        any={words.anyStatus}
        options={words.statuses}
        value={asked.status}
        onChange={(status) => list.change({ status })}
      />
      <FilterSelect
        label={words.role}
        any={words.anyRole}
        options={words.roles}
        value={asked.operator}
        onChange={(operator) => list.change({ operator })}
      />
      <FilterSelect
        label={words.organization}
        any={words.anyOrganization}
        options={orgs.map(({ id, name }) => [id, name])}
        value={asked.org}
        onChange={(org) => list.change({ org })}
      />
    </FilterBar>
  )
}

/** Memoized, so that typing in the search field does not render the table again. */
const PeopleTable = memo(function PeopleTable({
  users,
  sort,
  onSort,
}: {
  users: readonly Person[]
  sort: string
  onSort: (sort: string) => void
}) {
  return (
    <div className="table-wrap">
      <table className="cards">
        <thead>
          <tr>
            <SortHeader column="name" label={texts.fields.name} sort={sort} onSort={onSort} />
            <th>{words.organizations}</th>
            <th>{words.lastSignIn}</th>
            <th className="end">{words.status}</th>
          </tr>
        </thead>
        <tbody>
          {users.map(({ id, name, status, details }) => (
            <tr key={id} className="hover">
              <td>
                <span className="row" style={{ gap: 8 }}>
                  <Avatar name={name} />
                  <Link to="/people/$id" params={{ id }} className="strong">
                    {name}
                  </Link>
                  {details?.operator && <span className="badge accent">{words.operator}</span>}
                </span>
              </td>
              <td data-label={words.organizations}>
                <Organizations of={details?.organizations ?? []} />
              </td>
              <td data-label={words.lastSignIn} className="muted nowrap">
                {details?.lastSignInAt ? (
                  <Ago at={details.lastSignInAt} />
                ) : (
                  <span title={words.noSignInHelp}>{texts.never}</span>
                )}
              </td>
              <td data-label={words.status} className="end">
                <StatusBadge status={status} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
})

/** How many organizations a row names. */
const MOST_NAMED = 2

function Organizations({ of: all }: { of: NonNullable<Person['details']>['organizations'] }) {
  if (all.length === 0) return <span className="muted">{words.none}</span>
  const more = all.length - MOST_NAMED
  return (
    <span>
      {all.slice(0, MOST_NAMED).map(({ id, name, role }, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <Link to="/organizations/$id" params={{ id }}>
            {name}
          </Link>
          {role === 'owner' && <span className="muted"> ({words.ownerOf})</span>}
        </span>
      ))}
      {more > 0 && (
        <span
          className="muted"
          title={all
            .slice(MOST_NAMED)
            .map(({ name }) => name)
            .join(', ')}
        >
          {words.more(more)}
        </span>
      )}
    </span>
  )
}

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Shapes } from '../api/client.ts'
import { type Member, membersOf, PAGE } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { linkTexts } from '../texts/one-time-links.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog, FormDialog } from '../ui/dialog.tsx'
import { Empty, ErrorNotice, Loaded } from '../ui/feedback.tsx'
import { TextField } from '../ui/field.tsx'
import { FilterBar } from '../ui/filter-bar.tsx'
import { FilterSelect } from '../ui/filter-select.tsx'
import { Help } from '../ui/help.tsx'
import { UserLink } from '../ui/links.tsx'
import type { ListSearch } from '../ui/list-search.ts'
import { pageOf, useListState } from '../ui/list-state.ts'
import { Card } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { say } from '../ui/toast.tsx'
import { useAct } from '../ui/use-act.ts'
import { useRights } from '../ui/use-rights.ts'
import { type Picked, UserPicker } from '../ui/user-picker.tsx'
import { Invite, useMayInvite } from './invite.tsx'
import { addMember, changeRole, type Role, RoleField, RoleOptions, removeMember } from './member-roles.tsx'

const route = getRouteApi('/inside/organizations/$id')
const { organizations: words } = texts

export function OrganizationPeople({ org }: { org: Shapes['Organization'] }) {
  const queries = useQueryClient()
  const query = useQuery(membersOf(org.id))
  const mayWrite = useRights().may('write', 'orgs', { id: org.id, orgID: org.id })
  const [adding, setAdding] = useState(false)
  const mayInvite = useMayInvite(org.id)
  const [inviting, setInviting] = useState(false)
  const [leaving, setLeaving] = useState<Member>()
  const [demoting, setDemoting] = useState<Member>()
  async function refresh(): Promise<void> {
    await queries.invalidateQueries({ queryKey: ['orgs'] })
    await queries.invalidateQueries({ queryKey: ['users'] })
  }
  async function change(member: Member, role: Role): Promise<void> {
    await changeRole(org.id, member.id, role).finally(refresh)
    say(words.roleChanged(member.name, role))
  }
  const promote = useAct((member: Member) => change(member, 'owner'))
  return (
    <Card
      title={words.people}
      help={<Help about={words.people}>{words.peopleHelp}</Help>}
      actions={
        mayWrite && (
          <>
            {mayInvite && (
              <Button small onClick={() => setInviting(true)}>
                {linkTexts.invite}
              </Button>
            )}
            <Button small onClick={() => setAdding(true)}>
              {words.add}
            </Button>
          </>
        )
      }
    >
      {promote.error !== undefined && (
        <div className="card-body">
          <ErrorNotice error={promote.error} />
        </div>
      )}
      <Loaded query={query}>
        {(members) =>
          members.length === 0 ? (
            <p className="card-body muted">{words.noPeople}</p>
          ) : (
            <Members all={members}>
              {(member) =>
                mayWrite && isByHand(member) ? (
                  <div className="actions">
                    <select
                      className="input role"
                      aria-label={words.roleOf(member.name)}
                      value={member.role}
                      disabled={promote.busy}
                      onChange={(event) =>
                        event.target.value === 'owner' ? promote.run(member) : setDemoting(member)
                      }
                    >
                      <RoleOptions />
                    </select>
                    <Button
                      look="plain"
                      small
                      aria-label={`${texts.remove} ${member.name}`}
                      onClick={() => setLeaving(member)}
                    >
                      {texts.remove}
                    </Button>
                  </div>
                ) : (
                  <span className="muted">{member.role === 'owner' ? words.owner : words.member}</span>
                )
              }
            </Members>
          )
        }
      </Loaded>
      {inviting && <Invite orgID={org.id} onClose={() => setInviting(false)} />}
      {adding && (
        <AddMember
          orgID={org.id}
          known={new Set(query.data?.map(({ id }) => id))}
          onClose={() => setAdding(false)}
          onAdded={refresh}
        />
      )}
      {demoting && (
        <ConfirmDialog
          title={words.demote(demoting.name)}
          text={words.demoteText(demoting.name, org.name)}
          onClose={() => setDemoting(undefined)}
          onConfirm={() => change(demoting, 'member')}
        />
      )}
      {leaving && (
        <ConfirmDialog
          title={`${texts.remove} ${leaving.name}`}
          submit={texts.remove}
          text={words.removeText(leaving.name, org.name)}
          onClose={() => setLeaving(undefined)}
          onConfirm={async () => {
            await removeMember(org.id, leaving.id)
            await refresh()
            say(words.removed(leaving.name))
          }}
        />
      )}
    </Card>
  )
}

/** What only a provider gives is changed there. */
const isByHand = ({ providers, byHand }: Member) => providers === undefined || byHand === true

/** A list of at most this length needs no search. */
const FEW = 10

/** The members by page, search and role; `children` shows what is at the end of a row. */
function Members({ all, children }: { all: readonly Member[]; children: (member: Member) => ReactNode }) {
  // Beside remountDeps the router infers no type of the search.
  const asked: ListSearch<'role'> = route.useSearch()
  const list = useListState<'role'>(asked)
  const wanted = list.search.toLowerCase()
  const found = all.filter(
    ({ id, name, role }) =>
      (name.toLowerCase().includes(wanted) || id === wanted) && (!asked.role || role === asked.role),
  )
  const { page, shown } = pageOf(found, list.page, PAGE)
  const isFiltered = Boolean(asked.search || asked.role)
  return (
    <>
      {(all.length > FEW || isFiltered) && (
        <FilterBar
          search={<SearchField label={words.searchMembers} list={list} />}
          count={asked.role ? 1 : 0}
          onClear={isFiltered ? list.clear : undefined}
        >
          <FilterSelect
            label={words.role}
            any={words.anyRole}
            options={[
              ['owner', words.owners],
              ['member', words.members],
            ]}
            value={asked.role}
            onChange={(role) => list.change({ role })}
          />
        </FilterBar>
      )}
      {found.length === 0 ? (
        <Empty icon="search" title={words.noMembersFound}>
          {words.noMembersFoundText}
        </Empty>
      ) : (
        <>
          <ul className="lines">
            {shown.map((member) => (
              <li key={member.id} className="row between">
                <span className="row who-is" style={{ gap: 8, flexWrap: 'nowrap' }}>
                  <Avatar name={member.name} />
                  <span className="strong">
                    <UserLink id={member.id} name={member.name} />
                    {member.providers && (
                      <span className="muted small"> {words.provided(member.providers)}</span>
                    )}
                  </span>
                </span>
                {children(member)}
              </li>
            ))}
          </ul>
          {all.length > FEW && <Pager page={page} size={PAGE} total={found.length} onPage={list.setPage} />}
        </>
      )}
    </>
  )
}

const USER_ID = /^[0-9a-f]{16}$/i

function AddMember({
  orgID,
  known,
  onClose,
  onAdded,
}: {
  orgID: string
  known: ReadonlySet<string>
  onClose: () => void
  onAdded: () => Promise<void>
}) {
  const { operator } = useRights()
  const [picked, setPicked] = useState<Picked>()
  const [id, setID] = useState('')
  const [role, setRole] = useState<Role>('member')
  const userID = operator ? picked?.id : USER_ID.test(id.trim()) ? id.trim().toLowerCase() : undefined
  return (
    <FormDialog
      title={words.add}
      submit={words.addSubmit}
      canSubmit={userID !== undefined}
      onClose={onClose}
      onSubmit={async () => {
        if (userID) await addMember(orgID, role, userID)
        await onAdded()
        say(words.added)
      }}
    >
      {operator ? (
        <UserPicker label={words.addUser} picked={picked} onPick={setPicked} leaveOut={known} />
      ) : (
        <TextField
          label={words.userID}
          hint={words.userIDHint}
          required
          autoFocus
          autoComplete="off"
          spellCheck={false}
          value={id}
          onChange={(event) => setID(event.target.value)}
        />
      )}
      <RoleField role={role} onChange={setRole} />
    </FormDialog>
  )
}

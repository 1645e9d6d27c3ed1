import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, got, type Shapes } from '../api/client.ts'
import { type Member, membersOf } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog, FormDialog, useAct } from '../ui/dialog.tsx'
import { ErrorNotice, Loaded } from '../ui/feedback.tsx'
import { SelectField } from '../ui/field.tsx'
import { Help } from '../ui/help.tsx'
import { Card } from '../ui/page.tsx'
import { say } from '../ui/toast.tsx'
import { type Picked, UserPicker } from '../ui/user-picker.tsx'

type Role = 'member' | 'owner'

function add(orgID: string, role: Role, id: string): Promise<unknown> {
  const options = { params: { path: { id: orgID } }, body: { id } }
  return got(
    role === 'owner'
      ? api.POST('/api/v2/orgs/{id}/owners', options)
      : api.POST('/api/v2/orgs/{id}/members', options),
  )
}

function remove(orgID: string, userID: string): Promise<unknown> {
  const params = { path: { id: orgID, userID } }
  return got(api.DELETE('/api/v2/orgs/{id}/members/{userID}', { params }))
}

function changeRole(orgID: string, userID: string, role: Role): Promise<unknown> {
  const params = { path: { id: orgID, userID } }
  return got(api.PATCH('/api/v2/orgs/{id}/members/{userID}', { params, body: { role } }))
}

export function OrganizationPeople({ org }: { org: Shapes['Organization'] }) {
  const queries = useQueryClient()
  const query = useQuery(membersOf(org.id))
  const [adding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<Member>()
  const [demoting, setDemoting] = useState<Member>()
  async function refresh(): Promise<void> {
    await queries.invalidateQueries({ queryKey: ['orgs', org.id, 'people'] })
    await queries.invalidateQueries({ queryKey: ['users'] })
  }
  async function change(member: Member, role: Role): Promise<void> {
    await changeRole(org.id, member.id, role).finally(refresh)
    say(texts.saved)
  }
  const promote = useAct((member: Member) => change(member, 'owner'))
  return (
    <Card
      title={texts.organizations.people}
      help={<Help about={texts.organizations.people}>{texts.organizations.peopleHelp}</Help>}
      actions={
        <Button small onClick={() => setAdding(true)}>
          {texts.organizations.add}
        </Button>
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
            <p className="card-body muted">{texts.organizations.noPeople}</p>
          ) : (
            <ul className="lines">
              {members.map((member) => (
                <li key={member.id} className="row between">
                  <span className="who-is strong">{member.name}</span>
                  <div className="actions">
                    <select
                      className="input role"
                      aria-label={texts.organizations.roleOf(member.name)}
                      value={member.role}
                      disabled={promote.busy}
                      onChange={(event) =>
                        event.target.value === 'owner' ? promote.run(member) : setDemoting(member)
                      }
                    >
                      <option value="member">{texts.organizations.member}</option>
                      <option value="owner">{texts.organizations.owner}</option>
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
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {adding && (
        <AddSomebody
          orgID={org.id}
          known={new Set(query.data?.map(({ id }) => id))}
          onClose={() => setAdding(false)}
          onAdded={refresh}
        />
      )}
      {demoting && (
        <ConfirmDialog
          title={texts.organizations.demote(demoting.name)}
          text={texts.organizations.demoteText(demoting.name, org.name)}
          onClose={() => setDemoting(undefined)}
          onConfirm={() => change(demoting, 'member')}
        />
      )}
      {leaving && (
        <ConfirmDialog
          title={`${texts.remove} ${leaving.name}`}
          submit={texts.remove}
          text={texts.organizations.removeText(leaving.name, org.name)}
          onClose={() => setLeaving(undefined)}
          onConfirm={async () => {
            await remove(org.id, leaving.id)
            await refresh()
          }}
        />
      )}
    </Card>
  )
}

function AddSomebody({
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
  const [picked, setPicked] = useState<Picked>()
  const [role, setRole] = useState<Role>('member')
  return (
    <FormDialog
      title={texts.organizations.add}
      submit={texts.organizations.addSubmit}
      canSubmit={picked !== undefined}
      onClose={onClose}
      onSubmit={async () => {
        if (picked) await add(orgID, role, picked.id)
        await onAdded()
      }}
    >
      <UserPicker label={texts.organizations.addUser} picked={picked} onPick={setPicked} leaveOut={known} />
      <SelectField
        label={texts.organizations.role}
        hint={texts.organizations.peopleHelp}
        value={role}
        onChange={(event) => setRole(event.target.value as Role)}
      >
        <option value="member">{texts.organizations.member}</option>
        <option value="owner">{texts.organizations.owner}</option>
      </SelectField>
    </FormDialog>
  )
}

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, got } from '../api/client.ts'
import { organizations } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { FormDialog } from '../ui/dialog.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { randomPassword } from '../ui/strength.ts'
import { addMember, type Role, RoleField } from './member-roles.tsx'

const { people: words } = texts

export interface MadePerson {
  readonly id: string
  readonly name: string
  readonly password: string
}

/** A dialog that creates a user, with a membership if one is chosen. `onMade` gets the password, to be shown once. */
export function NewPerson({ onClose, onMade }: { onClose: () => void; onMade: (made: MadePerson) => void }) {
  const queries = useQueryClient()
  const orgs = useQuery(organizations).data ?? []
  const [name, setName] = useState('')
  const [orgID, setOrgID] = useState('')
  const [role, setRole] = useState<Role>('member')
  /** What an earlier attempt has done already. */
  const [done, setDone] = useState<{ id: string; joined?: string }>()

  async function create(): Promise<void> {
    const user = done ?? { id: (await got(api.POST('/api/v2/users', { body: { name } }))).id }
    setDone(user)
    if (orgID && user.joined === undefined) {
      await addMember(orgID, role, user.id)
      setDone({ ...user, joined: orgID })
    }
    const password = randomPassword()
    const params = { path: { id: user.id } }
    await got(api.POST('/api/v2/users/{id}/password', { params, body: { password, mustChange: true } }))
    // Shown first: after an error below, the password would be lost.
    onMade({ id: user.id, name, password })
    queries.invalidateQueries({ queryKey: ['users'] })
  }

  return (
    <FormDialog title={words.create} submit={words.submit} onClose={onClose} onSubmit={create}>
      <p className="muted">{words.createText}</p>
      <TextField
        label={texts.fields.name}
        required
        autoFocus
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        readOnly={done !== undefined}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <SelectField
        label={words.organization}
        value={orgID}
        disabled={done?.joined !== undefined}
        onChange={(event) => setOrgID(event.target.value)}
      >
        <option value="">{words.noOrganization}</option>
        {orgs.map(({ id, name: each }) => (
          <option key={id} value={id}>
            {each}
          </option>
        ))}
      </SelectField>
      {orgID && <RoleField role={role} disabled={done?.joined !== undefined} onChange={setRole} />}
    </FormDialog>
  )
}

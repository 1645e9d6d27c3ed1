/** Members and owners of an organization: the requests that change them, and the field for a role. */
import { api, got } from '../api/client.ts'
import { texts } from '../texts/all.ts'
import { SelectField } from '../ui/field.tsx'

export type Role = 'member' | 'owner'

export function addMember(orgID: string, role: Role, id: string): Promise<unknown> {
  const options = { params: { path: { id: orgID } }, body: { id } }
  return got(
    role === 'owner'
      ? api.POST('/api/v2/orgs/{id}/owners', options)
      : api.POST('/api/v2/orgs/{id}/members', options),
  )
}

export function removeMember(orgID: string, userID: string): Promise<unknown> {
  const params = { path: { id: orgID, userID } }
  return got(api.DELETE('/api/v2/orgs/{id}/members/{userID}', { params }))
}

export function changeRole(orgID: string, userID: string, role: Role): Promise<unknown> {
  const params = { path: { id: orgID, userID } }
  return got(api.PATCH('/api/v2/orgs/{id}/members/{userID}', { params, body: { role } }))
}

export function RoleOptions() {
  return (
    <>
      <option value="member">{texts.organizations.member}</option>
      <option value="owner">{texts.organizations.owner}</option>
    </>
  )
}

export function RoleField({
  role,
  disabled = false,
  onChange,
}: {
  role: Role
  disabled?: boolean
  onChange: (role: Role) => void
}) {
  return (
    <SelectField
      label={texts.organizations.role}
      hint={texts.organizations.peopleHelp}
      value={role}
      disabled={disabled}
      onChange={(event) => onChange(event.target.value as Role)}
    >
      <RoleOptions />
    </SelectField>
  )
}

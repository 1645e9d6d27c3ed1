/** Inviting people to an organization, and the invitations that are open. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, got, type Shapes } from '../api/client.ts'
import { features, invitationsTo, organizations } from '../api/queries.ts'
import { linkTexts as words } from '../texts/one-time-links.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog, FormDialog } from '../ui/dialog.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { Card } from '../ui/page.tsx'
import { LinkOnce } from '../ui/shown-once.tsx'
import { Time } from '../ui/time.tsx'
import { say } from '../ui/toast.tsx'
import { useRights } from '../ui/use-rights.ts'
import { type Role, RoleField } from './member-roles.tsx'

type Invitation = Shapes['Invitation']

/** Whether the signed-in user may invite to an organization; without one, to some organization as an operator. */
export function useMayInvite(orgID?: string): boolean {
  const rights = useRights()
  const rule = useQuery(features).data?.invitations
  if (rule === undefined || rule === 'off') return false
  if (rights.operator) return true
  return rule === 'owners' && orgID !== undefined && rights.may('write', 'orgs', { id: orgID, orgID })
}

/** A dialog that invites somebody, and then shows the link once unless it is mailed. */
export function Invite({ orgID: given, onClose }: { orgID?: string; onClose: () => void }) {
  const queries = useQueryClient()
  const hasMail = useQuery(features).data?.mail ?? false
  const orgs = useQuery({ ...organizations, enabled: given === undefined }).data ?? []
  const [chosen, setChosen] = useState('')
  const [role, setRole] = useState<Role>('member')
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [link, setLink] = useState<string>()
  const id = given ?? chosen
  if (link !== undefined) return <LinkOnce link={link} onClose={onClose} />

  async function invite(): Promise<void> {
    const body = { role, ...(name ? { name } : {}), ...(email ? { email } : {}) }
    const made = await got(api.POST('/api/v2/orgs/{id}/invitations', { params: { path: { id } }, body }))
    queries.invalidateQueries(invitationsTo(id))
    if (made.link === undefined) say(words.mailed(email))
    else setLink(made.link)
  }

  return (
    <FormDialog
      title={words.invite}
      submit={words.inviteSubmit}
      canSubmit={id !== ''}
      // Kept open if the link is to be shown.
      closes={() => email !== ''}
      onClose={onClose}
      onSubmit={invite}
    >
      <p className="muted">{words.inviteText}</p>
      {given === undefined && (
        <SelectField
          label={words.organization}
          required
          value={chosen}
          onChange={(event) => setChosen(event.target.value)}
        >
          <option value="" />
          {orgs.map((org) => (
            <option key={org.id} value={org.id}>
              {org.name}
            </option>
          ))}
        </SelectField>
      )}
      <RoleField role={role} onChange={setRole} />
      <TextField
        label={words.inviteName}
        hint={words.inviteNameHelp}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      {hasMail && (
        <TextField
          label={words.email}
          hint={words.inviteEmailHelp}
          type="email"
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      )}
    </FormDialog>
  )
}

/** Hidden if there is none. */
export function OpenInvitations({ orgID }: { orgID: string }) {
  const queries = useQueryClient()
  const mayInvite = useMayInvite(orgID)
  const found = useQuery({ ...invitationsTo(orgID), enabled: mayInvite }).data ?? []
  const [revoking, setRevoking] = useState<Invitation>()
  if (found.length === 0) return null
  async function revoke({ id: invitationID }: Invitation): Promise<void> {
    const params = { path: { id: orgID, invitationID } }
    await got(api.DELETE('/api/v2/orgs/{id}/invitations/{invitationID}', { params }))
    await queries.invalidateQueries(invitationsTo(orgID))
    say(words.revoked)
  }
  return (
    <Card title={words.invitations}>
      <ul className="lines">
        {found.map((each) => (
          <li key={each.id} className="row between">
            <div>
              <p className="strong">{each.name ?? each.email ?? words.somebody}</p>
              <p className="small muted">
                {each.role} · {words.byWhom(each.createdByName ?? each.createdBy)} ·{' '}
                {Date.parse(each.expiresAt) < Date.now() ? words.expired : words.until}{' '}
                <Time at={each.expiresAt} />
              </p>
            </div>
            <Button look="plain" small onClick={() => setRevoking(each)}>
              {words.revoke}
            </Button>
          </li>
        ))}
      </ul>
      {revoking && (
        <ConfirmDialog
          title={words.revoke}
          text={words.revokeText}
          onClose={() => setRevoking(undefined)}
          onConfirm={() => revoke(revoking)}
        />
      )}
    </Card>
  )
}

/** A user's e-mail address; hidden if no mail is sent. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, got } from '../api/client.ts'
import { emailOf, features } from '../api/queries.ts'
import { linkTexts as words } from '../texts/one-time-links.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog, FormDialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { Card } from '../ui/page.tsx'
import { say } from '../ui/toast.tsx'

export function EmailCard({ userID }: { userID: string }) {
  const queries = useQueryClient()
  const hasMail = useQuery(features).data?.mail ?? false
  const email = useQuery({ ...emailOf(userID), enabled: hasMail }).data
  const [dialog, setDialog] = useState<'set' | 'remove'>()
  const [address, setAddress] = useState('')
  if (!hasMail || !email) return null
  const params = { path: { id: userID } }
  async function set(): Promise<void> {
    await got(api.PUT('/api/v2/users/{id}/email', { params, body: { address } }))
    await queries.invalidateQueries(emailOf(userID))
    say(words.sent)
  }
  async function remove(): Promise<void> {
    await got(api.DELETE('/api/v2/users/{id}/email', { params }))
    await queries.invalidateQueries(emailOf(userID))
    say(words.removed)
  }
  const isThere = email.address !== undefined || email.pending !== undefined
  return (
    <Card
      title={words.account}
      actions={
        <>
          {isThere && (
            <Button small look="plain" onClick={() => setDialog('remove')}>
              {words.remove}
            </Button>
          )}
          <Button small onClick={() => setDialog('set')}>
            {words.change}
          </Button>
        </>
      }
    >
      <div className="card-body stack">
        <p className="strong">{email.address ?? words.noEmail}</p>
        {email.pending && <p>{words.pending(email.pending)}</p>}
        <p className="muted small">{words.accountText}</p>
      </div>
      {dialog === 'set' && (
        <FormDialog
          title={words.setEmail}
          submit={words.setSubmit}
          onClose={() => setDialog(undefined)}
          onSubmit={set}
        >
          <TextField
            label={words.email}
            type="email"
            autoComplete="email"
            required
            autoFocus
            value={address}
            onChange={(event) => setAddress(event.target.value)}
          />
        </FormDialog>
      )}
      {dialog === 'remove' && (
        <ConfirmDialog
          title={words.remove}
          text={words.removeText}
          onClose={() => setDialog(undefined)}
          onConfirm={remove}
        />
      )}
    </Card>
  )
}

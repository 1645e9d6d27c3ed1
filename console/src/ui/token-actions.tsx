/** What is done with a token: the requests, and the dialogs that ask before. */
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { api, got, serverNow } from '../api/client.ts'
import { tokens } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { ConfirmDialog, FormDialog } from './dialog.tsx'
import { type Expiry, ExpiryField, endOfExpiry } from './expiry-field.tsx'
import { SelectField, TextField } from './field.tsx'
import { NewSecret } from './shown-once.tsx'
import { Time } from './time.tsx'
import { say } from './toast.tsx'
import { endOf, nameOf, type Token, type TokenRights } from './token-state.ts'

export type TokenAct = 'off' | 'rotate' | 'delete' | 'edit' | 'revoke'

const DAY_SECONDS = 86_400

type Change = { status?: string; description?: string; expiresAt?: string; graceUntil?: string }

export const changeToken = (id: string, body: Change) =>
  got(api.PATCH('/api/v2/authorizations/{id}', { params: { path: { id } }, body }))

export const deleteToken = (id: string) =>
  got(api.DELETE('/api/v2/authorizations/{id}', { params: { path: { id } } }))

/**
 * Reloads tokens after a change; with `listOnly` not the page of each, which after a deletion would be "not found". Grants
 * are reloaded too: a user's sessions have the permissions of the user's tokens.
 */
export function useTokenReload() {
  const queries = useQueryClient()
  return ({ listOnly = false } = {}) =>
    Promise.all([
      queries.invalidateQueries({ queryKey: tokens.queryKey, exact: listOnly }),
      queries.invalidateQueries({ queryKey: ['users'] }),
    ])
}

/** Changes a token, reloads what shows it, and says what was done. */
export function useTokenChange() {
  const reload = useTokenReload()
  return async ({ id }: Token, body: Change, done: string): Promise<void> => {
    await changeToken(id, body)
    await reload()
    say(done)
  }
}

/** The dialog of an action. `onDeleted`: instead of loading the token again. */
export function TokenDialog({
  act,
  token,
  rights,
  onClose,
  onDeleted,
}: {
  act: TokenAct
  token: Token
  rights: TokenRights
  onClose: () => void
  onDeleted?: () => Promise<unknown>
}) {
  const reload = useTokenReload()
  const change = useTokenChange()
  const name = nameOf(token)
  const { tokens: words } = texts
  if (act === 'rotate') return <RotateDialog token={token} onClose={onClose} />
  if (act === 'edit') return <EditDialog token={token} rights={rights} onClose={onClose} />
  if (act === 'delete') {
    return (
      <ConfirmDialog
        title={`${words.delete}: ${name}`}
        submit={words.delete}
        text={words.deleteText}
        onClose={onClose}
        onConfirm={async () => {
          await deleteToken(token.id)
          await onDeleted?.()
          say(words.deleted(name))
          await reload({ listOnly: true })
        }}
      />
    )
  }
  if (act === 'revoke') {
    return (
      <ConfirmDialog
        title={words.revokeOldTitle}
        submit={words.revokeOld}
        text={words.revokeOldText}
        onClose={onClose}
        onConfirm={() => change(token, { graceUntil: 'now' }, words.revokedOld)}
      />
    )
  }
  return (
    <ConfirmDialog
      title={`${words.off}: ${name}`}
      submit={words.off}
      text={words.offText}
      onClose={onClose}
      onConfirm={() => change(token, { status: 'inactive' }, words.offDone(name))}
    />
  )
}

function RotateDialog({ token, onClose }: { token: Token; onClose: () => void }) {
  const reload = useTokenReload()
  const [grace, setGrace] = useState(DAY_SECONDS)
  const [made, setMade] = useState<Token>()
  const isMade = useRef(false)
  const { tokens: words } = texts
  if (made) {
    return (
      <NewSecret
        title={words.rotated(nameOf(token))}
        token={made.token}
        note={
          made.graceUntil ? (
            <>
              {words.oldUntil} <Time at={made.graceUntil} />.
            </>
          ) : (
            words.oldRevoked
          )
        }
        onClose={onClose}
      />
    )
  }
  return (
    <FormDialog
      title={`${words.rotate}: ${nameOf(token)}`}
      submit={words.rotate}
      look={grace === 0 ? 'bad-fill' : 'primary'}
      onClose={() => {
        if (!isMade.current) onClose()
      }}
      onSubmit={async () => {
        const params = { path: { id: token.id } }
        const rotated = await got(
          api.POST('/api/v2/authorizations/{id}/rotate', { params, body: { graceSeconds: grace } }),
        )
        // Shown first: after an error below, the secret would be lost.
        isMade.current = true
        setMade(rotated)
        reload()
      }}
    >
      <p>{words.rotateText}</p>
      <SelectField
        label={words.grace}
        hint={hasGrace(token) ? words.rotateAgain : undefined}
        value={grace}
        onChange={(event) => setGrace(Number(event.target.value))}
      >
        {words.graces.map(([seconds, label]) => (
          <option key={seconds} value={seconds}>
            {label}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  )
}

/** Whether the secret before the last rotation still works. */
export const hasGrace = ({ graceUntil }: Token) =>
  graceUntil !== undefined && Date.parse(graceUntil) > serverNow()

function EditDialog({ token, rights, onClose }: { token: Token; rights: TokenRights; onClose: () => void }) {
  const change = useTokenChange()
  const [description, setDescription] = useState(token.description)
  const [expiry, setExpiry] = useState<Expiry>({ choice: '', date: '' })
  const { tokens: words } = texts
  const end = endOf(token)
  const hasExpired = end <= serverNow()
  const expiresAt = endOfExpiry(expiry)
  return (
    <FormDialog
      title={`${words.edit}: ${nameOf(token)}`}
      submit={texts.save}
      onClose={onClose}
      canSubmit={expiry.choice !== 'date' || expiresAt !== undefined}
      onSubmit={() =>
        change(
          token,
          { description, ...(expiresAt ? { expiresAt } : {}) },
          words.changed(description || token.id),
        )
      }
    >
      <TextField
        label={words.description}
        hint={words.descriptionHint}
        autoComplete="off"
        value={description}
        onChange={(event) => setDescription(event.target.value)}
      />
      {hasExpired ? (
        <p className="muted">{words.expiryOver}</p>
      ) : (
        <ExpiryField
          value={expiry}
          current={`${words.expiryAsNow}: ${token.expiresAt ? new Date(end).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' }) : texts.never}`}
          {...(rights.give ? {} : { latest: end, hint: words.expiryEarlier })}
          onChange={setExpiry}
        />
      )}
    </FormDialog>
  )
}

/** The form for a new password, at sign-in and under Account. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { features } from '../api/entry-queries.ts'
import { asProblem } from '../api/problem.ts'
import { texts } from '../texts/entry.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice, sentence } from '../ui/feedback.tsx'
import { PasswordField } from '../ui/field.tsx'
import { StrengthMeter } from '../ui/strength-meter.tsx'

export function ChangeForm({
  name,
  knownOld,
  submit,
  onChange,
}: {
  name: string
  /** The current password if the user has just typed it; otherwise the form asks for it. */
  knownOld?: string | undefined
  submit: string
  onChange: (old: string, chosen: string) => Promise<unknown>
}) {
  const [old, setOld] = useState('')
  const [chosen, setChosen] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  /** Which password the server refused. */
  const { reason, message } = asProblem(error)
  const isOldWrong = knownOld === undefined && reason === 'wrong-credentials'
  const isNewWeak = reason === 'weak-password'
  const policy = useQuery(features).data?.passwordPolicy

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setError(undefined)
    try {
      await onChange(knownOld ?? old, chosen)
      setOld('')
      setChosen('')
    } catch (failed) {
      setError(failed)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form className="form narrow" onSubmit={send}>
      {/* Tells password managers which account the password belongs to. */}
      <input
        className="hidden"
        name="username"
        autoComplete="username"
        value={name}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      {knownOld === undefined && (
        <PasswordField
          label={texts.fields.currentPassword}
          autoComplete="current-password"
          required
          value={old}
          error={isOldWrong ? texts.fields.wrongPassword : undefined}
          onChange={(event) => setOld(event.target.value)}
        />
      )}
      <PasswordField
        label={texts.fields.newPassword}
        autoComplete="new-password"
        required
        autoFocus={knownOld !== undefined}
        value={chosen}
        error={isNewWeak ? sentence(message) : undefined}
        onChange={(event) => setChosen(event.target.value)}
        hint={<StrengthMeter password={chosen} names={[name]} policy={policy} />}
      />
      <ErrorNotice error={isOldWrong || isNewWeak ? undefined : error} />
      <div>
        <Button type="submit" look="primary" busy={busy}>
          {submit}
        </Button>
      </div>
    </form>
  )
}

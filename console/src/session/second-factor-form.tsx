/** The second step of sign-in, loaded only when a second factor is due. */
import { type FormEvent, useState } from 'react'
import { asProblem } from '../api/problem.ts'
import { factorTexts } from '../texts/second-factors.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/feedback.tsx'
import { TextField } from '../ui/field.tsx'
import { type Entry, sendCode } from './sign-in.ts'

export function SecondFactorForm({
  onEntry,
  onBack,
}: {
  onEntry: (entry: Entry) => void
  /** Called with the error if the sign-in must begin again. */
  onBack: (error?: unknown) => void
}) {
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setError(undefined)
    try {
      onEntry(await sendCode(code))
    } catch (failed) {
      if (asProblem(failed).reason === 'second-factor-expired') onBack(failed)
      else setError(failed)
      setCode('')
    } finally {
      setBusy(false)
    }
  }

  return (
    <form className="form" onSubmit={submit} aria-label={factorTexts.due}>
      <p className="muted">{factorTexts.dueText}</p>
      <ErrorNotice error={error} />
      <TextField
        label={factorTexts.dueCode}
        name="code"
        autoComplete="one-time-code"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        required
        autoFocus
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      <Button type="submit" look="primary" className="wide" busy={busy}>
        {factorTexts.submit}
      </Button>
      <Button look="plain" className="wide" onClick={() => onBack()}>
        {factorTexts.back}
      </Button>
    </form>
  )
}

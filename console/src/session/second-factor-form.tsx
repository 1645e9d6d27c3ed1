/** The second step of sign-in, loaded only when a second factor is due. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { features } from '../api/entry-queries.ts'
import { canUsePasskeys } from '../api/passkeys.ts'
import { asProblem } from '../api/problem.ts'
import { texts } from '../texts/entry.ts'
import { factorTexts } from '../texts/second-factors.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/feedback.tsx'
import { TextField } from '../ui/field.tsx'
import { useAct } from '../ui/use-act.ts'
import { type Entry, sendCode, sendPasskey } from './sign-in.ts'

export function SecondFactorForm({
  factors,
  onEntry,
  onBack,
}: {
  /** What the user has: `passkey`, `totp`, `recovery-code`. */
  factors: readonly string[]
  onEntry: (entry: Entry) => void
  /** Called with the error if the sign-in must begin again. */
  onBack: (error?: unknown) => void
}) {
  const [code, setCode] = useState('')
  const { data } = useQuery(features)
  const hasPasskey = factors.includes('passkey') && canUsePasskeys(data)

  const { busy, error, run } = useAct(async (enter: () => Promise<Entry>) => {
    try {
      onEntry(await enter())
    } catch (failed) {
      setCode('')
      if (asProblem(failed).reason !== 'second-factor-expired') throw failed
      onBack(failed)
    }
  })

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (!busy) run(() => sendCode(code))
  }

  return (
    <form className="form" onSubmit={submit} aria-label={factorTexts.due}>
      <p className="muted">{dueText(factors, hasPasskey)}</p>
      <ErrorNotice error={error} />
      {hasPasskey && (
        <Button look="primary" className="wide" autoFocus busy={busy} onClick={() => run(sendPasskey)}>
          {texts.passkeys.use}
        </Button>
      )}
      <TextField
        label={factorTexts.dueCode}
        name="code"
        autoComplete="one-time-code"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        required
        autoFocus={!hasPasskey}
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      <Button type="submit" {...(hasPasskey ? {} : { look: 'primary' })} className="wide" busy={busy}>
        {factorTexts.submit}
      </Button>
      <Button look="plain" className="wide" onClick={() => onBack()}>
        {factorTexts.back}
      </Button>
    </form>
  )
}

function dueText(factors: readonly string[], hasPasskey: boolean): string {
  const code = factors.includes('totp') ? factorTexts.dueText : factorTexts.dueRecovery
  return hasPasskey ? `${factorTexts.duePasskey} ${code}` : code
}

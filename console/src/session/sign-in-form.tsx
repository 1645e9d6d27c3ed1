/** The sign-in form, on the sign-in page and in the dialog for signing in again. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, lazy, type ReactNode, Suspense, useState } from 'react'
import { features, me } from '../api/entry-queries.ts'
import { canUsePasskeys } from '../api/passkeys.ts'
import { asProblem, Problem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { texts } from '../texts/entry.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice, Notice } from '../ui/feedback.tsx'
import { CheckField, PasswordField, TextField } from '../ui/field.tsx'
import { reached } from '../ui/lazy-page.ts'
import { type Entry, type FactorDue, signIn, signInByPasskey } from './sign-in.ts'
import { useCountdown } from './use-countdown.ts'

const SecondFactorForm = lazy(async () => ({
  default: (await reached(() => import('./second-factor-form.tsx'))).SecondFactorForm,
}))

const DAY = 86_400

export interface Credentials {
  readonly name: string
  /** Undefined after a sign-in by a passkey. */
  readonly password?: string
  readonly remember: boolean
}

export function SignInForm({
  name: given,
  waitSeconds = 0,
  factorDue,
  onEntry,
  children,
}: {
  /** The user who must sign in again; undefined for any user. */
  name?: string
  /** Seconds until the next attempt is allowed, if the server has already refused one. */
  waitSeconds?: number
  /** The second factor that is still due after a provider has confirmed the user. */
  factorDue?: FactorDue | undefined
  onEntry: (entry: Entry, credentials: Credentials) => void
  children?: ReactNode
}) {
  const [name, setName] = useState(given ?? '')
  const [password, setPassword] = useState('')
  const [remember, setRemember] = useState(false)
  const [busy, setBusy] = useState(false)
  const [due, setDue] = useState(factorDue)
  const [error, setError] = useState<unknown>(() =>
    waitSeconds > 0 ? new Problem('', { status: 429 }) : undefined,
  )
  const [until, setUntil] = useState(() => (waitSeconds > 0 ? Date.now() + waitSeconds * 1000 : undefined))
  const wait = useCountdown(until)
  const { data } = useQuery(features)
  const days = Math.round((data?.rememberSeconds ?? 0) / DAY)

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (busy || wait > 0) return
    setBusy(true)
    setError(undefined)
    try {
      const entry = await signIn(name, password, remember)
      if (typeof entry === 'string') onEntry(entry, { name, password, remember })
      else setDue(entry)
    } catch (failed) {
      const { retryAfterSeconds } = asProblem(failed)
      setUntil(retryAfterSeconds ? Date.now() + retryAfterSeconds * 1000 : undefined)
      setError(failed)
    } finally {
      setBusy(false)
    }
  }

  async function byPasskey(): Promise<void> {
    if (busy) return
    setBusy(true)
    setError(undefined)
    try {
      const entry = await signInByPasskey(remember)
      const who = queryClient.getQueryData(me.queryKey)?.name ?? ''
      // Another user leaves the page behind the dialog, see SessionWatch.
      if (given === undefined || who === given) onEntry(entry, { name: who, remember })
    } catch (failed) {
      setError(failed)
    } finally {
      setBusy(false)
    }
  }

  if (due) {
    return (
      <Suspense>
        <SecondFactorForm
          factors={due.factors}
          onEntry={(entry) => onEntry(entry, { name, password, remember })}
          onBack={(failed) => {
            setDue(undefined)
            setError(failed)
          }}
        />
      </Suspense>
    )
  }

  return (
    <form className="form" onSubmit={submit} aria-label={texts.signIn.submit}>
      <SignInProblem error={error} wait={wait} />
      <TextField
        label={texts.signIn.name}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        required
        readOnly={given !== undefined}
        autoFocus={given === undefined}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <PasswordField
        label={texts.fields.password}
        name="password"
        autoComplete="current-password"
        required
        autoFocus={given !== undefined}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {days > 0 && (
        <CheckField
          label={texts.signIn.remember(days)}
          hint={texts.signIn.rememberHelp}
          checked={remember}
          onChange={(event) => setRemember(event.target.checked)}
        />
      )}
      <Button type="submit" look="primary" className="wide" busy={busy} disabled={wait > 0}>
        {texts.signIn.submit}
      </Button>
      {data?.passkeySignIn && canUsePasskeys(data) && (
        <Button className="wide" busy={busy} onClick={byPasskey}>
          {texts.passkeys.use}
        </Button>
      )}
      {children}
    </form>
  )
}

function SignInProblem({ error, wait }: { error: unknown; wait: number }) {
  if (!error) return null
  const problem = asProblem(error)
  if (problem.status === 429) {
    return wait === 0 ? null : (
      <Notice kind="warn">
        <p>
          <strong>{texts.signIn.wait}</strong> <span role="timer">{texts.signIn.countdown(wait)}</span>
        </p>
      </Notice>
    )
  }
  if (problem.isSignedOut) return <Notice kind="bad">{texts.signIn.refused}</Notice>
  if (problem.reason === 'user-inactive') return <Notice kind="bad">{texts.signIn.inactive}</Notice>
  return <ErrorNotice error={error} />
}

/** Setup of a new server: three steps, the last one shows the operator token. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { addressOf } from '../api/base.ts'
import { api, got } from '../api/client.ts'
import { features, setupAllowed } from '../api/entry-queries.ts'
import { asProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { signIn } from '../session/sign-in.ts'
import { texts } from '../texts/all.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { ErrorNotice, Notice, sentence } from '../ui/feedback.tsx'
import { CheckField, PasswordField, SelectField, TextField } from '../ui/field.tsx'
import { RETENTIONS } from '../ui/retentions.ts'
import { Secret } from '../ui/secret.tsx'
import { SignedOutLayout } from '../ui/signed-out-layout.tsx'
import { StrengthMeter } from '../ui/strength-meter.tsx'

export function SetupPage() {
  const navigate = useNavigate()
  const allowed = useQuery(setupAllowed)
  const policy = useQuery(features).data?.passwordPolicy
  const [step, setStep] = useState(0)
  const [given, setGiven] = useState({ username: '', password: '', org: '', bucket: '', retention: 0 })
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const [token, setToken] = useState<string>()
  const [kept, setKept] = useState(false)
  /** The organization's name may make the password weak too, so this can follow the second step. */
  const { reason, message } = asProblem(error)
  const isWeak = step === 0 && reason === 'weak-password'
  const change = (more: Partial<typeof given>) => setGiven({ ...given, ...more })

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setError(undefined)
    try {
      if (step === 0) {
        const { username, password } = given
        await got(api.POST('/api/v2/setup/check', { body: { username, password } }))
        setStep(1)
        return
      }
      const { retention, ...rest } = given
      const made = await got(
        api.POST('/api/v2/setup', { body: { ...rest, retentionPeriodSeconds: retention } }),
      )
      setToken(made.auth.token)
      setStep(2)
      queryClient.setQueryData(setupAllowed.queryKey, false)
      await signIn(given.username, given.password, false)
    } catch (failed) {
      setError(failed)
      if (asProblem(failed).reason === 'weak-password') setStep(0)
      // Another person may have completed the setup first.
      queryClient.invalidateQueries(setupAllowed)
    } finally {
      setBusy(false)
    }
  }

  if (allowed.data === false && token === undefined) {
    return (
      <SignedOutLayout title={texts.setup.title}>
        <Notice>{texts.setup.already}</Notice>
        <a className={buttonClass({ look: 'primary', extra: 'wide' })} href={addressOf('/signin')}>
          {texts.signIn.submit}
        </a>
      </SignedOutLayout>
    )
  }

  return (
    <SignedOutLayout title={step === 2 ? texts.setup.done : texts.setup.title} wide>
      <Steps at={step} />
      <div className="card">
        <form className="card-body form" onSubmit={submit}>
          {step === 0 && (
            <>
              <p className="muted">{texts.setup.intro}</p>
              <TextField
                key="username"
                label={texts.setup.username}
                hint={texts.setup.userHint}
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                required
                autoFocus
                value={given.username}
                onChange={(event) => change({ username: event.target.value })}
              />
              <PasswordField
                label={texts.fields.password}
                autoComplete="new-password"
                required
                value={given.password}
                error={isWeak ? sentence(message) : undefined}
                onChange={(event) => change({ password: event.target.value })}
                hint={<StrengthMeter password={given.password} names={[given.username]} policy={policy} />}
              />
            </>
          )}
          {step === 1 && (
            <>
              <p className="muted">{texts.setup.placeHint}</p>
              <TextField
                key="org"
                label={texts.setup.org}
                required
                autoFocus
                autoComplete="organization"
                value={given.org}
                onChange={(event) => change({ org: event.target.value })}
              />
              <TextField
                label={texts.setup.bucket}
                hint={texts.setup.bucketHelp}
                required
                autoComplete="off"
                value={given.bucket}
                onChange={(event) => change({ bucket: event.target.value })}
              />
              <SelectField
                label={texts.setup.retention}
                value={given.retention}
                onChange={(event) => change({ retention: Number(event.target.value) })}
              >
                {RETENTIONS.map(([seconds, label]) => (
                  <option key={seconds} value={seconds}>
                    {label}
                  </option>
                ))}
              </SelectField>
            </>
          )}
          {step === 2 && token !== undefined && (
            <>
              <h2>{texts.setup.token}</h2>
              <p className="muted">{texts.setup.tokenHint}</p>
              <Secret value={token} label={texts.setup.token} />
              <CheckField
                label={texts.setup.kept}
                checked={kept}
                onChange={(event) => setKept(event.target.checked)}
              />
            </>
          )}
          <ErrorNotice error={isWeak ? undefined : error} />
          <div className="actions end">
            {step === 1 && <Button onClick={() => setStep(0)}>{texts.setup.back}</Button>}
            {step < 2 ? (
              <Button type="submit" look="primary" busy={busy}>
                {step === 0 ? texts.setup.next : texts.setup.finish}
              </Button>
            ) : (
              <Button look="primary" disabled={!kept} onClick={() => navigate({ to: '/' })}>
                {texts.setup.signIn}
              </Button>
            )}
          </div>
        </form>
      </div>
    </SignedOutLayout>
  )
}

function Steps({ at }: { at: number }) {
  return (
    <ol className="steps" style={{ padding: 0, margin: 0, listStyle: 'none' }}>
      {texts.setup.steps.map((label, index) => (
        <li
          key={label}
          className={index < at ? 'done' : undefined}
          aria-current={index === at ? 'step' : undefined}
        >
          <span aria-hidden="true">{index + 1}</span>
          {label}
        </li>
      ))}
    </ol>
  )
}

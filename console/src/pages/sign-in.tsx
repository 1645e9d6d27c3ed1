import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { SERVER } from '../api/base.ts'
import { features, setupAllowed } from '../api/entry-queries.ts'
import { queryClient } from '../api/query-client.ts'
import { safeReturnTo } from '../session/return-to.ts'
import { changeAtSignIn, type Entry } from '../session/sign-in.ts'
import { type Credentials, SignInForm } from '../session/sign-in-form.tsx'
import { texts } from '../texts/entry.ts'
import { Loading, Notice } from '../ui/feedback.tsx'
import { reached } from '../ui/lazy-page.ts'
import { SignedOutCard } from '../ui/signed-out-layout.tsx'

const Providers = lazy(async () => ({
  default: (await reached(() => import('../session/providers.tsx'))).Providers,
}))

/** Few sign-ins need it. */
const ChangeForm = lazy(async () => ({
  default: (await reached(() => import('../session/change-form.tsx'))).ChangeForm,
}))

export function SignInPage() {
  const search = useSearch({ from: '/signin' })
  const { returnTo, return: application, lead, seconds, problem, step, factors, local, out } = search
  const { data, failureCount } = useQuery(features)
  const { providers = [], mail: hasMail = false } = data ?? {}
  // The settings do not hide the form from a user who asked for it, was led here, or is between two steps.
  const isAsked = local !== undefined || lead !== undefined || step !== undefined
  const form = isAsked || failureCount > 0 ? 'shown' : data?.passwordForm
  const navigate = useNavigate()
  const [mustChange, setMustChange] = useState<Credentials>()

  useEffect(() => {
    queryClient.fetchQuery(setupAllowed).then(
      (allowed) => (allowed ? navigate({ to: '/setup' }) : undefined),
      () => undefined,
    )
  }, [navigate])

  function entered(entry: Entry | 'second-factor', credentials: Credentials): void {
    // The new password needs the second factor too.
    if (entry === 'second-factor') setMustChange(undefined)
    else if (entry === 'must-change') setMustChange(credentials)
    else if (entry === 'must-enrol') navigate({ to: '/enrol' })
    else if (application !== undefined) location.assign(addressToReturn(application))
    else if (lead) location.assign('/')
    else navigate({ href: safeReturnTo(returnTo, location.origin) })
  }

  return (
    <SignedOutCard title={mustChange ? texts.mustChange.title : texts.signIn.title}>
      {mustChange ? (
        <>
          <p className="muted">{texts.mustChange.text}</p>
          <Suspense fallback={<Loading />}>
            <ChangeForm
              name={mustChange.name}
              knownOld={mustChange.password}
              submit={texts.mustChange.submit}
              onChange={async (old, chosen) =>
                entered(await changeAtSignIn(mustChange.name, old, chosen, mustChange.remember), mustChange)
              }
            />
          </Suspense>
        </>
      ) : (
        <>
          {lead === 'password' && <Notice>{texts.signIn.led}</Notice>}
          {(providers.length > 0 || problem !== undefined) && step === undefined && (
            <Suspense fallback={<Loading />}>
              <Providers
                providers={providers}
                problem={problem}
                hasForm={form === 'shown'}
                returnTo={safeReturnTo(returnTo, location.origin)}
                goesByItself={problem === undefined && local === undefined && out === undefined}
              />
            </Suspense>
          )}
          <PasswordForm form={form}>
            <SignInForm
              onEntry={entered}
              waitSeconds={Number(seconds ?? 0)}
              factorDue={step && { factors: (factors ?? 'totp').split(',') }}
            />
            {hasMail ? (
              <Link to="/signin/forgot" className="small">
                {texts.signIn.forgot}
              </Link>
            ) : (
              <details className="quiet small">
                <summary>{texts.signIn.forgot}</summary>
                <p className="muted">{texts.signIn.forgotText}</p>
              </details>
            )}
          </PasswordForm>
        </>
      )}
    </SignedOutCard>
  )
}

/** Its children if the settings show the form for a password; behind a click if only few may sign in by one. */
function PasswordForm({ form, children }: { form: string | undefined; children: ReactNode }) {
  if (form === undefined) return <Loading />
  if (form === 'hidden') return null
  if (form !== 'folded') return children
  return (
    <details className="quiet">
      <summary>{texts.signIn.byPassword}</summary>
      <div className="stack">{children}</div>
    </details>
  )
}

/** The server decides whether it leads back to that address of another application. */
function addressToReturn(application: string): string {
  return `${SERVER}api/v2/auth/return?to=${encodeURIComponent(application)}`
}

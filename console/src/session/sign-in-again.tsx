/** A dialog for signing in again without leaving the page. */
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState, useSyncExternalStore } from 'react'
import { addressOf, BASE } from '../api/base.ts'
import { features } from '../api/entry-queries.ts'
import { queryClient } from '../api/query-client.ts'
import { currentReauthentication, onReauthentication, signedInName } from '../api/reauthentication.ts'
import { texts } from '../texts/all.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ChangeForm } from './change-form.tsx'
import { safeReturnTo } from './return-to.ts'
import { changeAtSignIn, type Entry } from './sign-in.ts'
import type { Credentials } from './sign-in-form.tsx'
import { SignInForm } from './sign-in-form.tsx'

const Providers = lazy(async () => ({ default: (await import('./providers.tsx')).Providers }))

/** The page without the path of a proxy, as the router names it. */
const pathHere = () => `/${location.pathname.slice(BASE.length)}${location.search}`

export function SignInAgain() {
  const pending = useSyncExternalStore(onReauthentication, currentReauthentication)
  const [mustChange, setMustChange] = useState<Credentials>()
  const { providers = [], passwordForm } = useQuery(features).data ?? {}
  const hasForm = passwordForm !== 'hidden'
  if (!pending) return null
  const stale = pending.reason === 'stale'

  function entered(entry: Entry | 'second-factor', credentials: Credentials): void {
    // The new password needs the second factor too.
    if (entry === 'second-factor') {
      setMustChange(undefined)
      return
    }
    if (entry === 'must-enrol') {
      location.assign(addressOf('/enrol'))
      return
    }
    if (entry === 'must-change') {
      setMustChange(credentials)
      return
    }
    setMustChange(undefined)
    pending?.answer(true)
    queryClient.invalidateQueries()
  }

  const others = (
    <div className="actions">
      {stale ? (
        <Button look="plain" onClick={() => pending.answer(false)}>
          {texts.cancel}
        </Button>
      ) : (
        <Button look="plain" className="wide" onClick={() => location.assign(addressOf('/signin'))}>
          {texts.session.other}
        </Button>
      )}
    </div>
  )

  return (
    <Dialog
      title={stale ? texts.session.staleTitle : texts.session.endedTitle}
      onClose={stale ? () => pending.answer(false) : undefined}
      frosted={!stale}
    >
      <p className="muted">{stale ? texts.session.staleText : texts.session.endedText}</p>
      {mustChange ? (
        <ChangeForm
          name={mustChange.name}
          knownOld={mustChange.password}
          submit={texts.mustChange.submit}
          onChange={async (old, chosen) =>
            entered(await changeAtSignIn(mustChange.name, old, chosen, mustChange.remember), mustChange)
          }
        />
      ) : (
        <>
          {providers.length > 0 && (
            <Suspense>
              <Providers
                again
                providers={providers}
                returnTo={safeReturnTo(pathHere(), location.origin)}
                hasForm={hasForm}
              />
            </Suspense>
          )}
          {hasForm ? (
            <SignInForm name={signedInName()} onEntry={entered}>
              {others}
            </SignInForm>
          ) : (
            others
          )}
        </>
      )}
    </Dialog>
  )
}

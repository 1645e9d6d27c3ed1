/** For a user who must have a second factor and has none: the session may do nothing else. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { addressOf } from '../api/base.ts'
import { features, me } from '../api/entry-queries.ts'
import { canUsePasskeys } from '../api/passkeys.ts'
import { ownFactors } from '../api/queries.ts'
import { noteSignedIn } from '../api/reauthentication.ts'
import { signOut } from '../session/sign-in.ts'
import { SignInAgain } from '../session/sign-in-again.tsx'
import { factorTexts } from '../texts/second-factors.ts'
import { Button } from '../ui/button.tsx'
import { EnrolApp, EnrolPasskey, RecoveryCodes } from '../ui/enrol-factor.tsx'
import { SignedOutCard } from '../ui/signed-out-layout.tsx'

const goOn = () => location.assign(addressOf('/'))

async function leave(): Promise<void> {
  await signOut()
  location.assign(addressOf('/signin'))
}

export function EnrolPage() {
  const [codes, setCodes] = useState<readonly string[]>()
  const [kind, setKind] = useState<'app' | 'passkey'>('app')
  const own = useQuery(ownFactors).data
  const offers = useQuery(features).data
  const { data: user, isPending } = useQuery(me)
  useEffect(() => {
    // A provider need not say when its user authenticated, so the first request may ask for another sign-in.
    noteSignedIn(user)
    return () => noteSignedIn(undefined)
  }, [user])
  const hasPasskeys = own?.passkeys === 'offered' && canUsePasskeys(offers)
  const added = (made: readonly string[] | undefined) => (made ? setCodes(made) : goOn())
  const buttons = (
    <>
      <Button look="plain" onClick={leave}>
        {factorTexts.back}
      </Button>
      {kind === 'passkey' && <Button onClick={() => setKind('app')}>{factorTexts.appInstead}</Button>}
      {kind === 'app' && hasPasskeys && (
        <Button onClick={() => setKind('passkey')}>{factorTexts.passkeyInstead}</Button>
      )}
    </>
  )
  return (
    <SignedOutCard title={codes ? factorTexts.codes : factorTexts.enrolTitle}>
      {codes ? (
        <RecoveryCodes codes={codes} onSaved={goOn} />
      ) : (
        <>
          <p className="muted">{factorTexts.enrolText}</p>
          {kind === 'app' && !isPending && <EnrolApp onAdded={added}>{buttons}</EnrolApp>}
          {kind === 'passkey' && <EnrolPasskey onAdded={added}>{buttons}</EnrolPasskey>}
        </>
      )}
      <SignInAgain />
    </SignedOutCard>
  )
}

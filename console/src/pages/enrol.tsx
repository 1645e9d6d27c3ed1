/** For a user who must have a second factor and has none: the session may do nothing else. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { features } from '../api/entry-queries.ts'
import { canUsePasskeys } from '../api/passkeys.ts'
import { ownFactors } from '../api/queries.ts'
import { addressOf } from '../base.ts'
import { signOut } from '../session/sign-in.ts'
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
          {kind === 'app' && <EnrolApp onAdded={added}>{buttons}</EnrolApp>}
          {kind === 'passkey' && <EnrolPasskey onAdded={added}>{buttons}</EnrolPasskey>}
        </>
      )}
    </SignedOutCard>
  )
}

/** For a user who must have a second factor and has none: the session may do nothing else. */
import { useState } from 'react'
import { addressOf } from '../base.ts'
import { signOut } from '../session/sign-in.ts'
import { factorTexts } from '../texts/second-factors.ts'
import { Button } from '../ui/button.tsx'
import { EnrolApp, RecoveryCodes } from '../ui/enrol-factor.tsx'
import { SignedOutLayout } from '../ui/signed-out-layout.tsx'

const goOn = () => location.assign(addressOf('/'))

async function leave(): Promise<void> {
  await signOut()
  location.assign(addressOf('/signin'))
}

export function EnrolPage() {
  const [codes, setCodes] = useState<readonly string[]>()
  return (
    <SignedOutLayout title={codes ? factorTexts.codes : factorTexts.enrolTitle}>
      <div className="card">
        <div className="card-body stack">
          {codes ? (
            <RecoveryCodes codes={codes} onSaved={goOn} />
          ) : (
            <>
              <p className="muted">{factorTexts.enrolText}</p>
              <EnrolApp onAdded={(made) => (made ? setCodes(made) : goOn())}>
                <Button look="plain" onClick={leave}>
                  {factorTexts.back}
                </Button>
              </EnrolApp>
            </>
          )}
        </div>
      </div>
    </SignedOutLayout>
  )
}

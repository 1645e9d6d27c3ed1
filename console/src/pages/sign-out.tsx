/** For the sign-out of applications behind a gateway: it asks first, since any page can lead a browser here. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { signOut } from '../session/sign-in.ts'
import { texts } from '../texts/entry.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/feedback.tsx'
import { SignedOutCard } from '../ui/signed-out-layout.tsx'

export function SignOutPage() {
  const search = useSearch({ from: '/signout' })
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()

  async function leave(): Promise<void> {
    setBusy(true)
    setError(undefined)
    try {
      await signOut()
    } catch (failure) {
      setError(failure)
      setBusy(false)
      return
    }
    await navigate({ to: '/signin', search })
  }

  return (
    <SignedOutCard title={texts.signOut.title}>
      <p className="muted">{texts.signOut.text}</p>
      <ErrorNotice error={error} />
      <Button look="primary" busy={busy} onClick={leave}>
        {texts.signOut.submit}
      </Button>
    </SignedOutCard>
  )
}

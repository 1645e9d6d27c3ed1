/**
 * Warns a minute before the session expires, and notices when it has expired, was ended elsewhere, or was replaced by
 * a sign-in as another user in another tab. Its requests do not extend the session.
 */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { addressOf } from '../api/base.ts'
import { api, BACKGROUND, got, serverNow } from '../api/client.ts'
import { me, mySessions } from '../api/queries.ts'
import { currentReauthentication, reauthenticate, signedIn } from '../api/reauthentication.ts'
import { texts } from '../texts/all.ts'
import { Button } from '../ui/button.tsx'

const POLL_MS = 10_000
const WARN_SECONDS = 60

export function SessionWatch() {
  const queries = useQueryClient()
  const { data } = useQuery({
    ...mySessions,
    refetchInterval: POLL_MS,
    refetchIntervalInBackground: true,
    refetchOnWindowFocus: 'always',
  })
  const current = data?.find((session) => session.current)
  useOtherUser(current?.id)
  const endsAt = current ? Date.parse(current.expiresAt) : undefined
  const left = useSecondsUntil(endsAt)
  const [cannotStay, setCannotStay] = useState(false)
  const over = useRef<number>(undefined)

  useEffect(() => {
    if (left === 0 && endsAt !== undefined && over.current !== endsAt && !currentReauthentication()) {
      over.current = endsAt
      reauthenticate('ended')
    }
  }, [left, endsAt])

  if (left === undefined || left > WARN_SECONDS || left === 0) return null

  async function stay(): Promise<void> {
    await got(api.GET('/api/v2/me'))
    const sessions = await queries.fetchQuery({ ...mySessions, staleTime: 0 })
    const ends = sessions.find((session) => session.current)?.expiresAt ?? ''
    // At its longest lifetime, use no longer extends the session, and only a new sign-in helps.
    setCannotStay((Date.parse(ends) - serverNow()) / 1000 <= WARN_SECONDS)
  }

  return (
    <div className="session-bar" role="alert">
      <div>
        <p className="strong">{texts.session.soon}</p>
        <p className="small" role="timer">
          {cannotStay ? texts.session.last(left) : texts.session.soonText(left)}
        </p>
      </div>
      {cannotStay ? (
        <Button look="primary" onClick={() => reauthenticate('ended')}>
          {texts.session.again}
        </Button>
      ) : (
        <Button look="primary" onClick={() => stay().catch(() => undefined)}>
          {texts.session.stay}
        </Button>
      )}
    </div>
  )
}

/**
 * Leaves the page if another tab, which shares the cookie, or the dialog above it signed in as another user, who may not
 * be allowed to see it.
 */
function useOtherUser(sessionID: string | undefined): void {
  const queries = useQueryClient()
  const user = useQuery(me).data
  const before = useRef(sessionID)
  useEffect(() => {
    if (before.current !== undefined && before.current !== sessionID) {
      got(api.GET('/api/v2/me', BACKGROUND)).then(
        (found) => queries.setQueryData(me.queryKey, found),
        () => undefined,
      )
    }
    before.current = sessionID ?? before.current
  }, [sessionID, queries])
  useEffect(() => {
    const known = signedIn()
    if (user && known && user.id !== known.id) location.assign(addressOf('/'))
  }, [user])
}

/** Counts down by the server's clock. */
function useSecondsUntil(at: number | undefined): number | undefined {
  const [, tick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 1000)
    return () => clearInterval(timer)
  }, [])
  return at === undefined ? undefined : Math.max(0, Math.ceil((at - serverNow()) / 1000))
}

/** Who is throttled, until when, and releasing them. */
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { api, got, type Shapes, serverNow } from '../api/client.ts'
import { texts } from '../texts/all.ts'
import { duration } from '../texts/words.ts'
import { Button } from '../ui/button.tsx'
import { FormDialog } from '../ui/dialog.tsx'
import { Help } from '../ui/help.tsx'
import { Card } from '../ui/page.tsx'
import { say } from '../ui/toast.tsx'

type Entry = Shapes['Overview']['throttled'][number]
/** A user who is throttled at all new addresses is listed once. */
interface Listed extends Entry {
  readonly addresses: number
}

export function Throttled({ throttled }: { throttled: readonly Entry[] }) {
  const now = useNow()
  const [releasing, setReleasing] = useState<Entry>()
  const { overview } = texts
  const listed = folded(throttled.filter(({ until }) => Date.parse(until) > now))
  return (
    <Card
      id="throttled"
      title={overview.throttledTitle}
      help={<Help about={overview.throttledTitle}>{overview.throttledHelp}</Help>}
    >
      {listed.length === 0 ? (
        <p className="card-body muted">{overview.throttledNone}</p>
      ) : (
        <ul className="lines">
          {listed.map((entry) => (
            <li key={`${entry.scope} ${entry.address} ${entry.userID}`} className="row between">
              <div className="grow">
                <p>
                  <Who entry={entry} />
                </p>
                <p className="small muted">
                  {overview.scopes[entry.scope] ?? entry.scope} ·{' '}
                  {entry.addresses > 1 ? (
                    overview.newAddresses(entry.addresses)
                  ) : (
                    <Link to="/audit" search={{ search: entry.address }} className="mono unbroken">
                      {entry.address}
                    </Link>
                  )}{' '}
                  · <Until at={entry.until} now={now} />
                </p>
              </div>
              <Button
                small
                aria-label={overview.releaseOf(nameOf(entry))}
                onClick={() => setReleasing(entry)}
              >
                {overview.release}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {releasing && <ReleaseDialog entry={releasing} onClose={() => setReleasing(undefined)} />}
    </Card>
  )
}

/** The user's name, or the address if no user is known. */
const nameOf = ({ userName, userID, address }: Entry) => userName ?? userID ?? address

function Who({ entry: { userID, userName, scope } }: { entry: Entry }) {
  if (userID) {
    return (
      <Link to="/people/$id" params={{ id: userID }} className="strong">
        <bdi>{userName ?? userID}</bdi>
      </Link>
    )
  }
  return scope === 'pair' || scope === 'user' ? texts.overview.unknownName : texts.overview.anyone
}

function folded(entries: readonly Entry[]): Listed[] {
  const found = new Map<string, Listed>()
  for (const entry of entries) {
    const key = entry.scope === 'user' ? `user ${entry.userID}` : JSON.stringify(entry)
    const before = found.get(key)
    found.set(key, { ...(before ?? entry), addresses: (before?.addresses ?? 0) + 1 })
  }
  return [...found.values()]
}

/** The server's time, in steps of a second. */
function useNow(): number {
  const [now, setNow] = useState(serverNow)
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}

function Until({ at, now }: { at: string; now: number }) {
  return (
    <time className="nowrap" dateTime={at} title={`${at} (UTC)`}>
      {texts.overview.left(duration(Math.ceil((Date.parse(at) - now) / 1000)))}
    </time>
  )
}

function consequence(entry: Entry): string {
  const { scope, address, userID } = entry
  const { releaseText, releaseUnknownText, releaseAddressText } = texts.overview
  if (userID) return releaseText(nameOf(entry))
  return scope === 'pair' || scope === 'user' ? releaseUnknownText(address) : releaseAddressText(address)
}

function ReleaseDialog({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const queries = useQueryClient()
  const { scope, address, userID } = entry
  const name = nameOf(entry)
  async function release(): Promise<void> {
    const body = { scope: scope as 'pair', address, ...(userID ? { userID } : {}) }
    await got(api.POST('/api/v2/throttled/release', { body }))
    await queries.invalidateQueries({ queryKey: ['overview'] })
    say(texts.overview.released(name))
  }
  return (
    <FormDialog
      title={texts.overview.releaseOf(name)}
      submit={texts.overview.release}
      onClose={onClose}
      onSubmit={release}
    >
      <p>{consequence(entry)}</p>
    </FormDialog>
  )
}

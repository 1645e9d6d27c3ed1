/** Where a person decides whether a command line gets a token to act as them. */
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, got, type Shapes } from '../api/client.ts'
import { me } from '../api/entry-queries.ts'
import { asProblem } from '../api/problem.ts'
import { commandLineTexts as words } from '../texts/command-line.ts'
import { Button } from '../ui/button.tsx'
import { Empty, ErrorNotice, Loading, Notice } from '../ui/feedback.tsx'
import { CheckField, SelectField, TextField } from '../ui/field.tsx'
import { Card, PageTitle } from '../ui/page.tsx'
import { Ago } from '../ui/time.tsx'
import { useAct } from '../ui/use-act.ts'

type Which = { readonly request: string } | { readonly userCode: string }
type Asked = Shapes['CommandLineLogin']
type Outcome = 'approved' | 'refused' | 'failed'

/** For a command on this computer, which opened this page and is led back to. */
export function CommandLinePage() {
  const { request, outcome } = useSearch({ strict: false })
  return (
    <>
      <PageTitle title={words.title} lead={words.lead} />
      {outcome !== undefined && <Done outcome={outcome === 'done' ? 'approved' : 'failed'} />}
      {outcome === undefined && request === undefined && <Notice>{words.none}</Notice>}
      {outcome === undefined && request !== undefined && <Decision which={{ request }} />}
    </>
  )
}

/** For a command on another machine, which shows a code. */
export function DevicePage() {
  const [typed, setTyped] = useState('')
  const [userCode, setUserCode] = useState(keptCode)
  function submit(event: FormEvent): void {
    event.preventDefault()
    if (typed.trim() === '') return
    keepCode(typed)
    setUserCode(typed)
  }
  function again(): void {
    keepCode(undefined)
    setUserCode(undefined)
  }
  return (
    <>
      <PageTitle title={words.deviceTitle} lead={words.deviceLead} />
      {userCode === undefined ? (
        <Card>
          <form className="card-body form" onSubmit={submit}>
            <TextField
              label={words.code}
              hint={words.codeHint}
              required
              autoFocus
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              maxLength={64}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
            <div className="actions">
              <Button type="submit" look="primary">
                {words.next}
              </Button>
            </div>
          </form>
        </Card>
      ) : (
        <Decision which={{ userCode }} onAgain={again} onDecided={() => keepCode(undefined)} />
      )}
    </>
  )
}

/**
 * The typed code, while this tab may be at a provider for another sign-in. It is in no address, so that no link brings a
 * code that the person did not type.
 */
const KEPT = 'sluice-device-code'
const keptCode = () => sessionStorage.getItem(KEPT) ?? undefined
function keepCode(code: string | undefined): void {
  if (code === undefined) sessionStorage.removeItem(KEPT)
  else sessionStorage.setItem(KEPT, code)
}

function Decision({
  which,
  onAgain,
  onDecided,
}: {
  which: Which
  onAgain?: () => void
  onDecided?: () => void
}) {
  const asked = useQuery({
    queryKey: ['command-line', which],
    queryFn: () => got(api.POST('/api/v2/me/command-line', { body: which })),
    // Once: the decision is made, and a code that is looked up repeatedly would count as guessed.
    ...{ retry: false, staleTime: Number.POSITIVE_INFINITY, gcTime: 0 },
    ...{ refetchOnWindowFocus: false, refetchOnReconnect: false, refetchOnMount: false },
  })
  const [outcome, setOutcome] = useState<Outcome>()
  if (outcome) return <Done outcome={outcome} />
  if (asked.error) return <Over error={asked.error} onAgain={onAgain} />
  if (!asked.data) return <Loading />
  function decided(how: Outcome): void {
    onDecided?.()
    setOutcome(how)
  }
  return <Question asked={asked.data} which={which} onDecided={decided} />
}

const EVERYTHING = ''

function Question({
  asked,
  which,
  onDecided,
}: {
  asked: Asked
  which: Which
  onDecided: (outcome: Outcome) => void
}) {
  const user = useQuery(me).data
  const { host, address, organizations, operator } = asked
  const choices: readonly (readonly [id: string, label: string])[] = [
    ...(operator ? [[EVERYTHING, words.everything] as const] : []),
    ...organizations.map(({ id, name }) => [id, words.within(name)] as const),
  ]
  const [orgID, setOrgID] = useState(choices[0]?.[0] ?? EVERYTHING)
  const [readOnly, setReadOnly] = useState(false)
  const approve = useAct(async () => {
    const body = { ...which, readOnly, ...(orgID === EVERYTHING ? {} : { orgID }) }
    leave(await got(api.POST('/api/v2/me/command-line/approve', { body })), 'approved')
  })
  const refuse = useAct(async () => {
    leave(await got(api.POST('/api/v2/me/command-line/deny', { body: which })), 'refused')
  })
  function leave({ url }: { url?: string }, outcome: Outcome): void {
    if (url === undefined) onDecided(outcome)
    else location.assign(loopbackOnly(url))
  }
  const busy = approve.busy || refuse.busy
  return (
    <Card title={words.ask}>
      <div className="card-body stack">
        <Notice kind="warn">
          {'userCode' in which ? words.elsewhere(shownCode(which.userCode)) : words.here}
        </Notice>
        {!asked.isOwnAddress && <Notice kind="warn">{words.otherAddress(address)}</Notice>}
        <dl className="facts">
          <dt>{words.actsAs}</dt>
          <dd className="strong">{user?.name}</dd>
          <dt>{words.machine}</dt>
          <dd>
            <code>{host}</code> <span className="muted small">{words.machineHint}</span>
          </dd>
          <dt>{words.address}</dt>
          <dd>
            <code>{address}</code>
          </dd>
          <dt>{words.asked}</dt>
          <dd>
            <Ago at={asked.askedAt} />
          </dd>
          <dt>{words.ends}</dt>
          <dd>{words.endsAfter(asked.tokenSeconds)}</dd>
        </dl>
        {choices.length === 0 ? (
          <Notice kind="bad">{words.nothing}</Notice>
        ) : (
          <>
            <SelectField label={words.reach} value={orgID} onChange={(event) => setOrgID(event.target.value)}>
              {choices.map(([id, label]) => (
                <option key={id} value={id}>
                  {label}
                </option>
              ))}
            </SelectField>
            <CheckField
              label={words.readOnly}
              hint={words.readOnlyHint}
              checked={readOnly}
              onChange={(event) => setReadOnly(event.target.checked)}
            />
          </>
        )}
        <ErrorNotice error={approve.error ?? refuse.error} />
        <div className="actions">
          {choices.length > 0 && (
            <Button look="primary" busy={busy} onClick={() => approve.run()}>
              {words.approve}
            </Button>
          )}
          <Button busy={busy} onClick={() => refuse.run()}>
            {words.refuse}
          </Button>
        </div>
      </div>
    </Card>
  )
}

/** As the device shows it, so that the two can be compared. */
function shownCode(typed: string): string {
  const letters = typed.toUpperCase().replaceAll(/[^A-Z]/g, '')
  return `${letters.slice(0, 4)}-${letters.slice(4)}`
}

/** The server allows no other address; the code must not go anywhere else. */
function loopbackOnly(url: string): string {
  if (/^http:\/\/(127\.0\.0\.1|\[::1\]):\d+\/\?/.test(url)) return url
  throw new Error('the server named an address that is not on this computer')
}

function Over({ error, onAgain }: { error: unknown; onAgain?: (() => void) | undefined }) {
  const isOver = asProblem(error).reason === 'login-invalid'
  return (
    <Card>
      <div className="card-body stack">
        {isOver ? (
          <Notice kind="bad">
            <p className="strong">{words.over}</p>
            <p>{words.overText}</p>
          </Notice>
        ) : (
          <ErrorNotice error={error} />
        )}
        {onAgain && (
          <div className="actions">
            <Button onClick={onAgain}>{words.again}</Button>
          </div>
        )}
      </div>
    </Card>
  )
}

function Done({ outcome }: { outcome: Outcome }) {
  return (
    <Card>
      <Empty icon={outcome === 'approved' ? 'check' : 'info'} title={words[`${outcome}Title`]}>
        {words[`${outcome}Text`]}
      </Empty>
    </Card>
  )
}

/** What differs between Sluice and the InfluxDB behind it, and repairing it, for operators. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, got, type Shapes } from '../api/client.ts'
import { asProblem } from '../api/problem.ts'
import { organizations, upstreamDifferences } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { duration } from '../texts/words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Empty, ErrorNotice, Loaded, Notice } from '../ui/feedback.tsx'
import { CheckField, TextField } from '../ui/field.tsx'
import { Help } from '../ui/help.tsx'
import { Restricted } from '../ui/no-access.tsx'
import { Card, PageTitle } from '../ui/page.tsx'
import { useAct } from '../ui/use-act.ts'

type Differences = Shapes['UpstreamDifferences']
type Difference = Differences['differences'][number]
type Repair = Shapes['UpstreamRepair']
type From = 'here' | 'upstream'

export function UpstreamPage() {
  return (
    <Restricted title={texts.upstream.title}>
      <UpstreamState />
    </Restricted>
  )
}

function UpstreamState() {
  const query = useQuery(upstreamDifferences)
  const [repairing, setRepairing] = useState(false)
  const [done, setDone] = useState<Repair>()
  const { upstream } = texts
  const count = query.data?.differences.length ?? 0
  const isMissing = asProblem(query.error).status === 404
  return (
    <div className="broad">
      <PageTitle
        title={upstream.title}
        lead={upstream.lead}
        crumb={{ to: '/overview', label: upstream.back }}
      >
        <Button busy={query.isFetching} onClick={() => query.refetch()}>
          {upstream.compare}
        </Button>
        {count > 0 && (
          <Button look="primary" onClick={() => setRepairing(true)}>
            {upstream.repair}
          </Button>
        )}
      </PageTitle>
      <div className="stack">
        {done && <Result done={done} />}
        {isMissing ? (
          <Card>
            <Empty icon="organizations" title={upstream.notConfigured}>
              {upstream.notConfiguredText}
            </Empty>
          </Card>
        ) : (
          <Loaded query={query} lines={6}>
            {({ differences, tasks }) => (
              <>
                <Card title={upstream.differencesTitle}>
                  {differences.length === 0 ? (
                    <Empty icon="check" title={upstream.none}>
                      {upstream.noneText}
                    </Empty>
                  ) : (
                    <DifferenceTable differences={differences} />
                  )}
                </Card>
                {tasks.length > 0 && <Tasks tasks={tasks} />}
              </>
            )}
          </Loaded>
        )}
      </div>
      {repairing && <RepairDialog onDone={setDone} onClose={() => setRepairing(false)} />}
    </div>
  )
}

const keyOf = ({ type, kind, here, upstream, userID, resourceID }: Difference) =>
  [type, kind, here?.id, upstream?.id, userID, resourceID].join(' ')

function DifferenceTable({ differences }: { differences: readonly Difference[] }) {
  const { upstream } = texts
  return (
    <div className="table-wrap">
      <table className="cards">
        <thead>
          <tr>
            <th>{upstream.type}</th>
            <th>{upstream.difference}</th>
            <th>{upstream.here}</th>
            <th>{upstream.there}</th>
          </tr>
        </thead>
        <tbody>
          {differences.map((each) => (
            <tr key={keyOf(each)}>
              <td>
                <Subject difference={each} />
              </td>
              <td data-label={upstream.difference}>
                <span className="badge warn">{upstream.kinds[each.kind] ?? each.kind}</span>
              </td>
              <td data-label={upstream.here}>
                <Side difference={each} side={each.here} />
              </td>
              <td data-label={upstream.there}>
                <Side difference={each} side={each.upstream} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What kind of record it is, and of which organization or user. */
function Subject({
  difference: { type, orgID, userID, resourceID, here, upstream },
}: {
  difference: Difference
}) {
  const orgs = useQuery(organizations).data ?? []
  const nameOf = (id: string | undefined) => orgs.find((org) => org.id === id)?.name ?? id ?? ''
  return (
    <>
      <span className="muted small">{texts.upstream.types[type] ?? type}</span>
      <p className="strong">
        {userID ? texts.upstream.memberOf(userID, nameOf(resourceID)) : ((here ?? upstream)?.name ?? '')}
      </p>
      {orgID && <p className="small muted">{nameOf(orgID)}</p>}
    </>
  )
}

function Side({ difference: { kind }, side }: { difference: Difference; side: Difference['here'] }) {
  if (!side) return <span className="muted">{texts.upstream.missing}</span>
  const { id, name, status, role, description, retentionSeconds } = side
  const { detail } = texts.upstream
  if (kind === 'other-id') return <code>{id}</code>
  if (kind === 'other-status') return status
  if (role) return role === 'owner' ? texts.organizations.owner : texts.organizations.member
  if (kind !== 'other-details') return name
  const kept = retentionSeconds === 0 ? detail.forever : detail.kept(duration(retentionSeconds ?? 0))
  return [...(retentionSeconds === undefined ? [] : [kept]), detail.description(description ?? '')].join(', ')
}

function Tasks({ tasks }: { tasks: Differences['tasks'] }) {
  const { upstream } = texts
  return (
    <Card title={upstream.tasks} help={<Help about={upstream.tasks}>{upstream.tasksHelp}</Help>}>
      <div className="table-wrap">
        <table className="cards">
          <thead>
            <tr>
              <th>{upstream.task}</th>
              <th>{texts.people.status}</th>
              <th>{upstream.reason}</th>
            </tr>
          </thead>
          <tbody>
            {tasks.map(({ id, name, status, reason, ownerID }) => (
              <tr key={id}>
                <td>
                  {ownerID ? (
                    <Link to="/people/$id" params={{ id: ownerID }} className="strong">
                      {name}
                    </Link>
                  ) : (
                    <span className="strong">{name}</span>
                  )}
                  <p className="small muted">
                    <code>{id}</code>
                  </p>
                </td>
                <td data-label={texts.people.status}>{status}</td>
                <td data-label={upstream.reason}>{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  )
}

/** First asks whose records are right, then shows what the server would do, and does it once that is confirmed. */
function RepairDialog({ onDone, onClose }: { onDone: (done: Repair) => void; onClose: () => void }) {
  const queries = useQueryClient()
  const [from, setFrom] = useState<From>('here')
  const [deletes, setDeletes] = useState(false)
  const [planned, setPlanned] = useState<Repair>()
  const [typed, setTyped] = useState('')
  const { upstream } = texts
  const repair = (dryRun: boolean) =>
    got(api.POST('/api/v2/upstream/repair', { body: { from, delete: deletes, dryRun } }))
  const act = useAct(async () => {
    if (!planned) {
      setPlanned(await repair(true))
      return
    }
    const done = await repair(false)
    await Promise.all([
      queries.invalidateQueries(upstreamDifferences),
      queries.invalidateQueries({ queryKey: ['overview'] }),
    ])
    onDone(done)
    onClose()
  })
  const losesRecords = planned?.mended.some(isDeletion) ?? false
  const isConfirmed = !losesRecords || typed === upstream.deleteWord
  const count = planned?.mended.length ?? 0

  function send(event: FormEvent): void {
    event.preventDefault()
    if (!act.busy && (!planned || (isConfirmed && count > 0))) act.run()
  }

  return (
    <Dialog title={upstream.repairTitle} wide onClose={onClose}>
      <form className="form" onSubmit={send}>
        {planned ? (
          <>
            <Plan title={upstream.wouldBe} each={planned.mended} />
            {planned.left.length > 0 && <Plan title={upstream.willLeave} each={planned.left} />}
            {losesRecords && (
              <TextField
                label={upstream.typeDelete}
                value={typed}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
          </>
        ) : (
          <>
            <fieldset className="choices">
              <legend>{upstream.from}</legend>
              {(['here', 'upstream'] as const).map((each) => (
                <label key={each} className="choice">
                  <input type="radio" name="from" checked={from === each} onChange={() => setFrom(each)} />
                  <span>
                    <span className="strong">{upstream.froms[each][0]}</span>
                    <br />
                    <span className="muted small">{upstream.froms[each][1]}</span>
                  </span>
                </label>
              ))}
            </fieldset>
            <CheckField
              label={upstream.deletes}
              hint={upstream.deletesHint}
              checked={deletes}
              onChange={(event) => setDeletes(event.target.checked)}
            />
          </>
        )}
        <ErrorNotice error={act.error} />
        <div className="actions end">
          {planned ? (
            <Button
              onClick={() => {
                setPlanned(undefined)
                setTyped('')
              }}
            >
              {texts.setup.back}
            </Button>
          ) : (
            <Button onClick={onClose}>{texts.cancel}</Button>
          )}
          <Button
            type="submit"
            look={losesRecords ? 'bad-fill' : 'primary'}
            busy={act.busy}
            disabled={planned !== undefined && (count === 0 || !isConfirmed)}
          >
            {planned ? upstream.apply(count) : upstream.preview}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function isDeletion({ type, mending }: Repair['mended'][number]): boolean {
  return type !== 'membership' && (mending === 'remove-here' || mending === 'remove-upstream')
}

type Step = Repair['mended'][number] & { readonly reason?: string }

function Plan({ title, each: steps }: { title: string; each: readonly Step[] }) {
  return (
    <section className="stack-small">
      <h3>{title}</h3>
      {steps.length === 0 ? (
        <p className="muted">{texts.upstream.nothing}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long one scrolls, so the keyboard must reach it
        <ul className="plan" tabIndex={0}>
          {steps.map((step) => (
            <li key={keyOf(step)}>
              <div>
                <Subject difference={step} />
              </div>
              <div>
                <span className={isDeletion(step) ? 'badge bad' : 'badge accent'}>
                  {texts.upstream.mendings[step.mending] ?? step.mending}
                </span>
                {step.reason && <p className="small muted">{step.reason}</p>}
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Result({ done: { mended, left } }: { done: Repair }) {
  const { upstream } = texts
  return (
    <Notice kind={left.length > 0 ? 'warn' : 'good'}>
      <p className="strong">{upstream.done}</p>
      <p>{upstream.result(mended.length, left.length)}</p>
      {left.length > 0 && (
        <ul>
          {left.map((step) => (
            <li key={keyOf(step)} className="small">
              {(step.here ?? step.upstream)?.name ?? texts.upstream.types[step.type]}: {step.reason}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  )
}

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, useRouter, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { AUDIT_FILTERS, type AuditFilter, audit, person } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { Button } from '../ui/button.tsx'
import { Empty, ErrorNotice, Loaded } from '../ui/feedback.tsx'
import { SwitchField, TextField } from '../ui/field.tsx'
import { FilterBar } from '../ui/filter-bar.tsx'
import { FilterSelect } from '../ui/filter-select.tsx'
import { Help } from '../ui/help.tsx'
import { Restricted } from '../ui/no-access.tsx'
import { Card, PageTitle } from '../ui/page.tsx'
import { say } from '../ui/toast.tsx'
import { useAct } from '../ui/use-act.ts'
import { useRights } from '../ui/use-rights.ts'
import { UserPicker } from '../ui/user-picker.tsx'
import { EventTable } from './audit-events.tsx'
import { afterOf, asCsv, download, MOST_EXPORTED, readAll } from './audit-export.ts'

const LIVE_MS = 3000
const SETTLED_MS = 250
const route = getRouteApi('/inside/audit')
type Depth = { readonly depth?: number }

export function AuditPage() {
  return (
    <Restricted title={texts.audit.title} owners>
      <AuditLog />
    </Restricted>
  )
}

function AuditLog() {
  const { userID: ownID, operator } = useRights()
  const { after, ...filter } = route.useSearch()
  const router = useRouter()
  /** How many pages “Older” has opened before this one; it survives a reload. */
  const depth = useRouterState({ select: ({ location: { state } }) => (state as Depth).depth ?? 0 })
  const navigate = route.useNavigate()
  const { userID } = filter
  const who = useQuery({ ...person(userID ?? ''), enabled: userID !== undefined })
  /** Incremented when the filter changes from outside, such as by a link, to reset the fields. */
  const [given, setGiven] = useState(0)
  const own = useRef(JSON.stringify(filter))
  const typing = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [live, setLive] = useState(false)
  const isLive = live && after === undefined
  const query = useQuery({
    ...audit(filter, after, isLive),
    placeholderData: keepPreviousData,
    refetchInterval: isLive ? LIVE_MS : false,
  })
  const save = useAct(async (kind: 'csv' | 'json') => {
    const events = await readAll(filter)
    const name = `sluice-audit-${new Date().toISOString().slice(0, 10)}.${kind}`
    if (kind === 'csv') download(name, 'text/csv;charset=utf-8', asCsv(events))
    else download(name, 'application/json', `${JSON.stringify(events, null, 2)}\n`)
    say(
      events.length >= MOST_EXPORTED
        ? texts.audit.exportLimit(MOST_EXPORTED)
        : texts.audit.exported(events.length),
    )
  })

  const asked = JSON.stringify(filter)
  useEffect(() => {
    if (own.current === asked) return
    own.current = asked
    clearTimeout(typing.current)
    setGiven((count) => count + 1)
  }, [asked])
  useEffect(() => () => clearTimeout(typing.current), [])

  function change(more: { [K in keyof AuditFilter]: AuditFilter[K] | undefined }): void {
    navigate({
      replace: true,
      search: (before) => {
        const next = AUDIT_FILTERS.map((name) => [name, { ...before, ...more }[name]] as const)
        const kept = Object.fromEntries(next.filter(([, value]) => value)) as AuditFilter
        own.current = JSON.stringify(kept)
        return kept
      },
    })
  }

  function clear(): void {
    clearTimeout(typing.current)
    navigate({ search: {}, replace: true })
    setGiven(given + 1)
  }

  /** Searches once typing pauses. */
  function searchFor(text: string): void {
    clearTimeout(typing.current)
    typing.current = setTimeout(() => change({ search: text.trim() }), SETTLED_MS)
  }

  return (
    <div className="broad">
      <PageTitle title={texts.audit.title} lead={texts.audit.help}>
        <Button busy={save.busy} onClick={() => save.run('csv')}>
          {texts.audit.exportCsv}
        </Button>
        <Button busy={save.busy} onClick={() => save.run('json')}>
          {texts.audit.exportJson}
        </Button>
      </PageTitle>
      <ErrorNotice error={save.error} />
      <Card>
        <FilterBar
          key={given}
          search={
            <TextField
              label={texts.audit.search}
              placeholder={texts.audit.searchIn}
              type="search"
              autoComplete="off"
              maxLength={100}
              defaultValue={filter.search}
              onChange={(event) => searchFor(event.target.value)}
            />
          }
          count={Object.keys(filter).filter((name) => name !== 'search').length}
          beside={
            <div className="row live">
              <SwitchField
                label={texts.audit.live}
                checked={live}
                onChange={(event) => {
                  setLive(event.target.checked)
                  if (after) navigate({ search: filter })
                }}
              />
              <Help about={texts.audit.live}>{texts.audit.liveHelp}</Help>
            </div>
          }
          onClear={Object.keys(filter).length > 0 ? clear : undefined}
        >
          <FilterSelect
            label={texts.audit.event}
            any={texts.audit.anyEvent}
            options={Object.entries(texts.audit.events)}
            value={filter.event}
            onChange={(event) => change({ event })}
          />
          <FilterSelect
            label={texts.audit.outcome}
            any={texts.audit.anyOutcome}
            options={Object.entries(texts.audit.outcomes)}
            value={filter.outcome}
            onChange={(outcome) => change({ outcome })}
          />
          {operator && (
            <UserPicker
              label={texts.audit.who}
              placeholder={texts.audit.anyone}
              picked={userID && !who.isPending ? { id: userID, name: who.data?.name ?? userID } : undefined}
              onPick={(user) => change({ userID: user?.id })}
            />
          )}
          <div className="times">
            <TimeField label={texts.audit.from} at={filter.start} onChange={(start) => change({ start })} />
            <TimeField label={texts.audit.until} at={filter.stop} onChange={(stop) => change({ stop })} />
          </div>
        </FilterBar>
        <Loaded query={query} lines={10}>
          {({ events, links }) => (
            <>
              {events.length > 0 ? (
                <EventTable events={events} reader={{ id: ownID, operator }} />
              ) : links.next ? (
                <Empty icon="search" title={texts.audit.notYet}>
                  {texts.audit.notYetText}
                </Empty>
              ) : (
                <Empty icon="audit" title={texts.audit.empty}>
                  {texts.audit.emptyText}
                </Empty>
              )}
              {(links.next || after) && (
                <div className="pager">
                  <Button
                    small
                    disabled={!after}
                    onClick={() => (depth > 0 ? router.history.back() : navigate({ search: filter }))}
                  >
                    {texts.audit.newer}
                  </Button>
                  <Button
                    small
                    disabled={!links.next}
                    onClick={() =>
                      navigate({
                        search: { ...filter, after: afterOf(links.next) ?? '' },
                        state: (before) => ({ ...before, depth: depth + 1 }),
                      })
                    }
                  >
                    {texts.audit.older}
                  </Button>
                </div>
              )}
            </>
          )}
        </Loaded>
      </Card>
    </div>
  )
}

/** A field for a time in the local zone; its value is RFC 3339. */
function TimeField({
  label,
  at,
  onChange,
}: {
  label: string
  at: string | undefined
  onChange: (time: string | undefined) => void
}) {
  return (
    <TextField
      label={label}
      type="datetime-local"
      defaultValue={at && localTime(at)}
      max="9999-12-31T23:59"
      onChange={({ target: { value } }) =>
        onChange(Number.isNaN(Date.parse(value)) ? undefined : new Date(value).toISOString())
      }
    />
  )
}

/** The field's own format: to the minute, without a zone. */
function localTime(at: string): string {
  const ms = Date.parse(at)
  if (Number.isNaN(ms)) return ''
  return new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** `sluice audit`: prints the audit log of a running server, newest events first, or follows it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ConfigurationError } from '../config/refusals/configuration-error.ts'
import { boolean, choice, duration, integer, text } from '../config/shapes/setting.ts'
import { AUDIT_KINDS } from '../domain/audit/audit-kinds.ts'
import { type Mention, sentenceOf } from '../domain/audit/audit-sentence.ts'
import type { FoundEvent } from '../domain/audit/current-names.ts'
import { parseTime } from '../domain/base/time.ts'
import { AUDIT_OUTCOMES } from '../domain/records/audit-event.ts'
import { command, type Invocation } from './frame/command.ts'
import { createRemote, REMOTE_SETTINGS, RefusedError, type Remote, remoteFlags } from './remote/remote.ts'
import { findUser } from './resources/lookup.ts'
import { jsonFlag } from './resources/output.ts'
import { CommandFailure } from './terminal/failure.ts'
import type { Io } from './terminal/io.ts'
import { type Screen, screenOf } from './terminal/screen.ts'
import { type Column, type Columns, jsonLine, table } from './terminal/table.ts'
import { instantText } from './terminal/times.ts'

const flags = [
  duration({
    name: 'since',
    min: '1s',
    max: '36500d',
    about: 'Only events of the last DURATION, such as 2h.',
  }),
  text({ name: 'start', placeholder: 'TIME', about: 'From this time on (RFC 3339).' }),
  text({ name: 'stop', placeholder: 'TIME', about: 'Before this time (RFC 3339).' }),
  choice({
    name: 'event',
    placeholder: 'EVENT',
    values: Object.keys(AUDIT_KINDS),
    about: 'Only this event, such as signin, user.create or access.',
  }),
  choice({
    name: 'outcome',
    placeholder: 'OUTCOME',
    values: AUDIT_OUTCOMES,
    about: `Only this outcome: ${AUDIT_OUTCOMES.join(', ')}.`,
  }),
  text({ name: 'user', placeholder: 'USER', about: 'Only what this user did, or what was done to them.' }),
  text({ name: 'search', about: 'Only with this in a name, an address, a browser or an id.' }),
  integer({ name: 'limit', default: 100, min: 1, max: 100_000, about: 'How many events.' }),
  boolean({ name: 'follow', default: false, about: 'Prints events as they happen, the newest last.' }),
  jsonFlag,
  ...remoteFlags,
] as const

export const audit = command({
  name: 'audit',
  about: 'Show the audit log of a running server, the newest events first',
  details: 'Times are in UTC.',
  flags,
  settings: REMOTE_SETTINGS,
  example: 'sluice audit --outcome throttled --since 2h',
  run,
})

/** The API's largest page. */
const LARGEST_PAGE = 100

type Filter = Readonly<Record<string, string | undefined>>

async function run(invocation: Invocation<typeof flags>): Promise<number> {
  const { flags: given, io } = invocation
  const start = startOf(given.since, given.start)
  requireTimeFlag('stop', given.stop)
  if (given.follow && given.stop !== undefined) {
    throw new ConfigurationError('--follow goes on until it is interrupted; leave out --stop')
  }
  const remote = createRemote(invocation)
  const { event, outcome, search, stop, user } = given
  const userID = user === undefined ? undefined : (await findUser(remote, user)).id
  const filter = { event, outcome, search, start, stop, userID }
  const events = await read(remote, filter, given.limit)
  const print = printerOf(io, given)
  if (!given.follow) {
    print(events)
    if (events.length === 0 && !given.json) io.stderr.write('no event matches\n')
    return 0
  }
  await follow({ remote, io, filter, print }, events)
  return 0
}

function startOf(since: number | undefined, start: string | undefined): string | undefined {
  if (since === undefined) {
    requireTimeFlag('start', start)
    return start
  }
  if (start !== undefined) throw new ConfigurationError('--since and --start are both given; leave one out')
  return new Date(Date.now() - since).toISOString()
}

function requireTimeFlag(name: string, given: string | undefined): void {
  if (given === undefined || parseTime(given) !== undefined) return
  throw new ConfigurationError(
    `--${name} must be a time such as 2030-01-31T12:00:00Z (RFC 3339); --since takes a duration such as 2h`,
  )
}

async function read(remote: Remote, filter: Filter, limit: number): Promise<FoundEvent[]> {
  const events: FoundEvent[] = []
  let after: string | undefined
  for (;;) {
    const wanted = Math.min(limit - events.length, LARGEST_PAGE)
    const query = { ...filter, limit: String(wanted), after }
    const page = await remote.get<{ links: { next?: string }; events: FoundEvent[] }>('/api/v2/audit', query)
    events.push(...page.events)
    if (!page.links.next || events.length >= limit) return events
    after = new URLSearchParams(page.links.next.split('?')[1]).get('after') ?? undefined
  }
}

const POLL_MS = 2000
/** Refusals are counted by the minute, so an event may change, or come, that long after its time. */
const LATE_MS = 150_000
/** The most events that one poll reads. */
const MOST_AT_ONCE = 10_000

interface Following {
  readonly remote: Remote
  readonly io: Io
  readonly filter: Filter
  readonly print: (events: readonly FoundEvent[]) => void
}

/** Prints the events so far, oldest first, and then each that is new or has a higher count, until it is stopped. */
async function follow({ remote, io, filter, print }: Following, first: readonly FoundEvent[]): Promise<void> {
  const counts = new Map<string, number>()
  function show(events: readonly FoundEvent[]): void {
    const news = events.filter(({ id, count }) => (counts.get(id) ?? 0) < count)
    for (const { id, count } of news) counts.set(id, count)
    if (news.length > 0) print(news.toReversed())
  }
  show(first)
  const [latest] = first
  let newest = latest?.time
  if (latest) {
    // --limit leaves out events before the first one printed; they count as printed.
    for (const { id, count } of await read(remote, lately(filter, latest.time), MOST_AT_ONCE)) {
      if (id <= latest.id) counts.set(id, count)
    }
  }
  let isAway = false
  while (await waited(io.stopped)) {
    try {
      const events = await read(remote, newest === undefined ? filter : lately(filter, newest), MOST_AT_ONCE)
      if (isAway) io.stderr.write(`${remote.host} answers again\n`)
      isAway = false
      newest = events[0]?.time ?? newest
      show(events)
    } catch (error) {
      // A restart or a moment without network ends nothing; a token that no longer works does.
      const isRefused = error instanceof RefusedError && error.status < 500 && error.status !== 429
      if (isRefused || !(error instanceof CommandFailure)) throw error
      if (!isAway) io.stderr.write(`${error.message}; trying again\n`)
      isAway = true
    }
  }
}

/** From a while before the newest event on, for what comes late. */
function lately(filter: Filter, newest: string): Filter {
  const from = Date.parse(newest) - LATE_MS
  const start = filter.start === undefined ? from : Math.max(from, Date.parse(filter.start))
  return { ...filter, start: new Date(start).toISOString() }
}

/** False once it is stopped. */
async function waited(stopped: AbortSignal | undefined): Promise<boolean> {
  try {
    await sleep(POLL_MS, undefined, stopped ? { signal: stopped } : {})
    return true
  } catch {
    return false
  }
}

function printerOf(
  io: Io,
  { json, follow }: { json: boolean; follow: boolean },
): (events: readonly FoundEvent[]) => void {
  const screen = screenOf(io)
  const columns = follow && screen.width !== undefined ? steadyColumns(screen) : columnsFor(screen)
  let isFirst = true
  return (events) => {
    if (json) {
      for (const each of events) io.stdout.write(jsonLine(each))
      return
    }
    const text = table(columns, events, screen)
    io.stdout.write(isFirst ? text : text.slice(text.indexOf('\n') + 1))
    isFirst = false
  }
}

const STYLES = {
  success: undefined,
  refused: 'refusal',
  throttled: 'refusal',
  failed: 'refusal',
  expired: 'warning',
} as const

/** From this width on, follow has room for addresses. */
const WITH_ADDRESS = 90

/** Columns whose widths do not depend on the events, so that events printed later line up. */
function steadyColumns(screen: Screen): Columns<FoundEvent> {
  const {
    time,
    outcome,
    'what happened': happened,
  } = columnsFor(screen) as Record<string, Column<FoundEvent>>
  const address: Column<FoundEvent> = { cell: (event) => event.address.padEnd(15), fit: 'keep' }
  return {
    ...(time ? { time } : {}),
    outcome: { ...(outcome as object), cell: (event) => event.outcome.padEnd(9) },
    count: { cell: ({ count }) => String(count).padEnd(5), fit: 'keep' },
    ...((screen.width ?? 0) >= WITH_ADDRESS ? { address } : {}),
    ...(happened ? { 'what happened': happened } : {}),
  }
}

/** On a terminal the event, which the sentence says too, makes room for it. */
function columnsFor(screen: Screen): Columns<FoundEvent> {
  return {
    time: { cell: ({ time }) => instantText(time, screen), fit: 'keep' },
    event: { cell: ({ event }) => event, fit: 'keep', optional: 3 },
    outcome: { cell: ({ outcome }) => outcome, fit: 'keep', style: ({ outcome }) => STYLES[outcome] },
    count: { cell: ({ count }) => String(count), fit: 'keep', optional: 2 },
    address: { cell: ({ address }) => address, fit: 'keep', optional: 1 },
    'what happened': { cell: sentence, fit: 'wrap' },
  }
}

function sentence(event: FoundEvent): string {
  const words = sentenceOf(event).map((part) => (typeof part === 'string' ? part : mentioned(part)))
  return [...words, ...byToken(event), ...statementOf(event)].join('')
}

function byToken({ outcome, actor: { authorizationID, authorizationDescription } }: FoundEvent): string[] {
  if (!authorizationID) return []
  // After "was refused", "by" would say who refused it.
  const how = outcome === 'success' ? 'by' : 'using'
  return [` (${how} token ${authorizationDescription ? quoted(authorizationDescription) : authorizationID})`]
}

/** In one line: `--json` has all of it. */
const SHOWN = 120

function statementOf({ statement, status, durationMs }: FoundEvent): string[] {
  if (statement === undefined) return []
  const line = statement.trim().replaceAll(/\s+/g, ' ')
  const shown = line.length > SHOWN ? `${line.slice(0, SHOWN).toWellFormed()} …` : line
  return [` (${status ?? 'no status'}, ${durationMs} ms): "${shown.replaceAll('"', '""')}"`]
}

function mentioned({ text, isName, isCurrent }: Mention): string {
  return `${isName ? quoted(text) : text}${isCurrent ? ' (current name)' : ''}`
}

/** In quotation marks unless it is one word, so that no name can pass for a part of the sentence. */
function quoted(name: string): string {
  return /^[\p{L}\p{N}._@+-]+$/u.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

/** `sluice audit`: prints the audit log of a running server, newest events first. */
import { readSettings } from '../config/load.ts'
import { schema } from '../config/settings.ts'
import { boolean, integer, text } from '../config/shapes/setting.ts'
import { type Mention, sentenceOf } from '../domain/audit/audit-sentence.ts'
import type { FoundEvent } from '../domain/audit/current-names.ts'
import type { Io } from './io.ts'
import { createRemote, type Remote, remoteFlags } from './remote.ts'
import { jsonLine, table } from './table.ts'

const flags = [
  ...remoteFlags,
  text({ name: 'event', about: 'Only this event, such as signin.' }),
  text({ name: 'user', about: 'Only what this user did, or what was done to it.' }),
  text({ name: 'outcome', about: 'Only this outcome: success, refused, throttled, expired or failed.' }),
  text({ name: 'search', about: 'Only with this in a name, an address, a browser or an id.' }),
  text({ name: 'start', about: 'From this time on (RFC 3339).' }),
  text({ name: 'stop', about: 'Before this time (RFC 3339).' }),
  integer({ name: 'limit', default: 100, min: 1, max: 100_000, about: 'How many events.' }),
  boolean({ name: 'json', default: false, about: 'One JSON object a line.' }),
] as const

/** The API's largest page. */
const LARGEST_PAGE = 100

export async function audit(argv: readonly string[], io: Io): Promise<number> {
  const { settings } = readSettings([...schema, ...flags] as const, { argv, ...io })
  const remote = createRemote(settings)
  const { event, outcome, search, start, stop, user } = settings
  const userID = user === undefined ? undefined : await remote.userID(user)
  const events = await read(remote, { event, outcome, search, start, stop, userID }, settings.limit)
  if (settings.json) for (const each of events) io.stdout.write(jsonLine(each))
  else io.stdout.write(table<FoundEvent>(COLUMNS, events))
  return 0
}

async function read(remote: Remote, filter: Record<string, string | undefined>, limit: number) {
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

const COLUMNS = {
  time: ({ time }: FoundEvent) => time,
  event: ({ event }: FoundEvent) => event,
  outcome: ({ outcome }: FoundEvent) => outcome,
  count: ({ count }: FoundEvent) => String(count),
  address: ({ address }: FoundEvent) => address,
  'what happened': sentence,
}

function sentence(event: FoundEvent): string {
  const words = sentenceOf(event).map((part) => (typeof part === 'string' ? part : mentioned(part)))
  return [...words, ...byToken(event.actor), ...statementOf(event)].join('')
}

function byToken({ authorizationID, authorizationDescription }: FoundEvent['actor']): string[] {
  if (!authorizationID) return []
  return [` (by token ${authorizationDescription ? quoted(authorizationDescription) : authorizationID})`]
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

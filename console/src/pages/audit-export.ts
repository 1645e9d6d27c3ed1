/** Exports the audit log as a file. */
import { api, got, type Shapes } from '../api/client.ts'
import type { AuditFilter } from '../api/queries.ts'

export type AuditEvent = Shapes['AuditEvent']
export const MOST_EXPORTED = 10_000
const PAGE = 100

/** The event after which the next page starts, from its link. */
export function afterOf(link: string | undefined): string | undefined {
  return link ? (new URL(link, location.origin).searchParams.get('after') ?? undefined) : undefined
}

/** Reads the newest matching events, page by page, up to `MOST_EXPORTED`. */
export async function readAll(filter: AuditFilter): Promise<AuditEvent[]> {
  const found: AuditEvent[] = []
  let after: string | undefined
  for (;;) {
    const query = { ...filter, limit: PAGE, ...(after ? { after } : {}) }
    const { events, links } = await got(api.GET('/api/v2/audit', { params: { query } }))
    found.push(...events)
    after = afterOf(links.next)
    if (!after || found.length >= MOST_EXPORTED) return found
  }
}

const COLUMNS: readonly [string, (event: AuditEvent) => string | number | undefined][] = [
  ['id', ({ id }) => id],
  ['time', ({ time }) => time],
  ['event', ({ event }) => event],
  ['outcome', ({ outcome }) => outcome],
  ['actorUserID', ({ actor }) => actor.userID],
  ['actorUserName', ({ actor }) => actor.userName],
  ['actorSessionID', ({ actor }) => actor.sessionID],
  ['actorAuthorizationID', ({ actor }) => actor.authorizationID],
  ['actorAuthorizationDescription', ({ actor }) => actor.authorizationDescription],
  ['targetType', ({ target }) => target.type],
  ['targetID', ({ target }) => target.id],
  ['targetName', ({ target }) => target.name],
  ['targetOrgID', ({ target }) => target.orgID],
  ['targetOrgName', ({ target }) => target.orgName],
  ['targetUserID', ({ target }) => target.userID],
  ['targetUserName', ({ target }) => target.userName],
  ['address', ({ address }) => address],
  ['userAgent', ({ userAgent }) => userAgent],
  ['requestId', ({ requestId }) => requestId],
  ['count', ({ count }) => count],
  ['status', ({ status }) => status],
  ['durationMs', ({ durationMs }) => durationMs],
  ['statement', ({ statement }) => statement],
  /** The names that were missing in the event and are current ones. */
  ['currentNames', ({ currentNames }) => currentNames?.join(' ')],
]

/** CSV by RFC 4180, with a header line. */
export function asCsv(events: readonly AuditEvent[]): string {
  const lines = events.map((event) => COLUMNS.map(([, read]) => cell(String(read(event) ?? ''))))
  return [COLUMNS.map(([name]) => name), ...lines].map((line) => `${line.join(',')}\r\n`).join('')
}

/** Escapes cells that a spreadsheet would execute as a formula, because untrusted users choose names. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

import type { Kysely, Selectable } from 'kysely'
import type { AuditEvent, AuditFilter, AuditStore, AuditTarget } from '../../domain/records/audit-event.ts'
import { inPortions, whereGiven } from './query.ts'
import type { Tables } from './tables.ts'

export function createAuditStore(db: Kysely<Tables>): AuditStore {
  return {
    async append(events) {
      for (const event of events) {
        await db
          .insertInto('audit_events')
          .values(write(event))
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ count: event.count }))
          .execute()
      }
    },

    async list(filter, { limit, offset, after, descending }) {
      if (filter.orgIDs?.length === 0) return []
      const rows = await whereGiven(matching(db, filter), 'id', descending ? '<' : '>', after)
        .selectAll()
        .orderBy('id', descending ? 'desc' : 'asc')
        .limit(limit)
        .offset(offset)
        .execute()
      return rows.map(read)
    },

    async count(filter) {
      if (filter.orgIDs?.length === 0) return new Map()
      const rows = await matching(db, filter)
        .select((each) => ['outcome', each.fn.sum<number | string>('count').as('count')])
        .groupBy('outcome')
        .execute()
      // PostgreSQL gives such sums as text.
      return new Map(rows.map(({ outcome, count }) => [outcome, Number(count)]))
    },

    async lastTimes(event, userIDs) {
      const rows = await inPortions(userIDs, (portion) =>
        db
          .selectFrom('audit_events')
          .select((each) => ['actor_user_id', each.fn.max('time').as('time')])
          .where('actor_user_id', 'in', portion)
          .where('event', '=', event)
          .where('outcome', '=', 'success')
          .groupBy('actor_user_id')
          .execute(),
      )
      return new Map(
        rows.flatMap(({ actor_user_id, time }) => (actor_user_id ? [[actor_user_id, time]] : [])),
      )
    },

    async mostRefused(by, start, limit) {
      const column = by === 'user' ? 'target_id' : 'address'
      const refused = matching(db, { event: 'signin', start })
        .where('outcome', 'in', ['refused', 'throttled'])
        .where(column, 'is not', null)
        .where(column, '!=', '')
      const rows = await (by === 'user' ? refused.where('target_type', '=', 'user') : refused)
        .select((each) => [column, each.fn.sum<number | string>('count').as('count')])
        .groupBy(column)
        .orderBy('count', 'desc')
        .orderBy(column)
        .limit(limit)
        .execute()
      return rows.map((row) => ({ of: String(row[column]), count: Number(row.count) }))
    },

    async removeBefore(time, limit) {
      const result = await db
        .deleteFrom('audit_events')
        .where('id', 'in', (each) =>
          each.selectFrom('audit_events').select('id').where('time', '<', time).orderBy('time').limit(limit),
        )
        .executeTakeFirst()
      return Number(result.numDeletedRows)
    },
  }
}

function matching(db: Kysely<Tables>, { userID, event, outcome, start, stop, orgIDs }: AuditFilter) {
  let query = db.selectFrom('audit_events')
  if (userID !== undefined) {
    query = query.where((each) =>
      each.or([
        each('actor_user_id', '=', userID),
        each('target_user_id', '=', userID),
        each.and([each('target_type', '=', 'user'), each('target_id', '=', userID)]),
      ]),
    )
  }
  query = whereGiven(query, 'event', '=', event)
  query = whereGiven(query, 'outcome', '=', outcome as Row['outcome'] | undefined)
  query = whereGiven(query, 'time', '>=', start)
  query = whereGiven(query, 'time', '<', stop)
  return whereGiven(query, 'target_org_id', 'in', orgIDs)
}

type Row = Selectable<Tables['audit_events']>

function write({ actor, target, ...event }: AuditEvent): Row {
  return {
    id: event.id,
    time: event.time,
    event: event.event,
    outcome: event.outcome,
    actor_user_id: actor.userID ?? null,
    actor_user_name: actor.userName ?? null,
    actor_session_id: actor.sessionID ?? null,
    actor_authorization_id: actor.authorizationID ?? null,
    actor_authorization_description: actor.authorizationDescription ?? null,
    actor_authorization_org_id: actor.authorizationOrgID ?? null,
    target_type: target.type,
    target_id: target.id ?? null,
    target_name: target.name ?? null,
    target_org_id: target.orgID ?? null,
    target_org_name: target.orgName ?? null,
    target_user_id: target.userID ?? null,
    target_user_name: target.userName ?? null,
    address: event.address,
    user_agent: event.userAgent,
    request_id: event.requestId,
    count: event.count,
    statement: event.statement ?? null,
    duration_ms: event.durationMs ?? null,
    status: event.status ?? null,
  }
}

function read(row: Row): AuditEvent {
  return {
    id: row.id,
    time: row.time,
    event: row.event,
    outcome: row.outcome,
    actor: {
      userID: row.actor_user_id ?? undefined,
      userName: row.actor_user_name ?? undefined,
      sessionID: row.actor_session_id ?? undefined,
      authorizationID: row.actor_authorization_id ?? undefined,
      authorizationDescription: row.actor_authorization_description ?? undefined,
      authorizationOrgID: row.actor_authorization_org_id ?? undefined,
    },
    target: readTarget(row),
    address: row.address,
    userAgent: row.user_agent,
    requestId: row.request_id,
    count: row.count,
    ...(row.statement === null ? {} : { statement: row.statement }),
    ...(row.duration_ms === null ? {} : { durationMs: row.duration_ms }),
    ...(row.status === null ? {} : { status: row.status }),
  }
}

/**
 * Before migration 0007, and on nodes without it, memberships were recorded with the name of the user in place of the
 * organization's or bucket's, and ends of sessions with the user's name.
 */
function readTarget(row: Row): AuditTarget {
  const target = {
    type: row.target_type,
    id: row.target_id ?? undefined,
    name: row.target_name ?? undefined,
    orgID: row.target_org_id ?? undefined,
    orgName: row.target_org_name ?? undefined,
    userID: row.target_user_id ?? undefined,
    userName: row.target_user_name ?? undefined,
  }
  if (target.name === undefined || target.userName !== undefined || target.orgName !== undefined)
    return target
  const isSession = target.type === 'session'
  if (!isSession && !JOINED_OR_LEFT.has(row.event)) return target
  const userID = target.userID ?? (isSession ? (row.actor_user_id ?? undefined) : undefined)
  return { ...target, name: undefined, userID, userName: target.name }
}

const JOINED_OR_LEFT: ReadonlySet<string> = new Set([
  'member.add',
  'member.remove',
  'owner.add',
  'owner.remove',
])

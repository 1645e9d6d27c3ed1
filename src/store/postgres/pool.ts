/** `pg`'s pool for Kysely, with every wait bounded, and without reuse of broken connections. */
import { Socket } from 'node:net'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { away, failureOf } from './failures.ts'
import { fromEngine, toEngine } from './text.ts'
import type { Target } from './url.ts'

export interface PoolOptions {
  readonly target: Target
  /** Called at each new connection, so that a changed password is used without a restart. */
  readonly password: () => string
  readonly size: number
  /** How long a statement, the wait for a lock, and the wait for a connection may each take. */
  readonly timeoutMs: number
}

/**
 * PostgreSQL itself cancels slow statements and keeps the connection; if it does not within this time more, the node
 * stops waiting.
 */
const GRACE_MS = 250
const IDLE_MS = 30_000

export function createPool({ target, password, size, timeoutMs }: PoolOptions): PostgresPool {
  const sockets = new Set<Socket>()
  function openSocket(): Socket {
    const socket = new Socket()
    sockets.add(socket)
    return socket.on('close', () => sockets.delete(socket))
  }
  const { host, port, database, user, ssl, options } = target
  const pool = new pg.Pool({
    ...{ host, port, database, user, options, password: async () => password() },
    ssl,
    stream: openSocket as never,
    max: size,
    idleTimeoutMillis: IDLE_MS,
    connectionTimeoutMillis: timeoutMs,
    keepAlive: true,
    application_name: 'sluice',
    statement_timeout: timeoutMs,
    lock_timeout: timeoutMs,
    // A node that is paused within a change loses the transaction, and with it the lock that others wait for.
    idle_in_transaction_session_timeout: timeoutMs,
    query_timeout: timeoutMs + GRACE_MS,
    types: { getTypeParser },
  })
  // Lost connections are handled at their next use; without a listener the event would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))

  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    options: {},
    async connect() {
      const client = await pool.connect().catch((cause: unknown) => {
        throw away(cause)
      })
      const guarded = known.get(client) ?? guard(client)
      known.set(client, guarded)
      return guarded
    },
    async end() {
      await pool.end()
      // Closing a connection to a dead server would keep the process alive as long as TCP retries.
      setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, GRACE_MS).unref()
    },
  }
}

/** One connection; the same object for all its life, as Kysely knows it by that. */
function guard(client: pg.PoolClient): PostgresPoolClient {
  let isLost = false
  async function query(sql: string, parameters: readonly unknown[] = []) {
    // PostgreSQL rolls back when the connection ends; an error here would hide the original one.
    if (isLost && sql === 'rollback') return { command: 'ROLLBACK', rowCount: 0, rows: [] }
    if (isLost) throw away(new Error('the connection was lost'))
    try {
      return await client.query(sql, parameters.map(toEngine))
    } catch (cause) {
      const failure = failureOf(cause)
      isLost ||= failure.isLost
      throw failure.error
    }
  }
  return {
    query: query as never,
    release: (destroy = false) => client.release(destroy || isLost),
  }
}

const [BIGINT, TEXT, VARCHAR] = [20, 25, 1043]

/** Only for this pool: integers are JavaScript numbers, as in SQLite. No stored or counted value exceeds 2^53. */
function getTypeParser(type: number, format?: 'text' | 'binary') {
  if (type === BIGINT) return Number
  if (type === TEXT || type === VARCHAR) return fromEngine
  return pg.types.getTypeParser(type, format as 'text')
}

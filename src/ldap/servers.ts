/** The servers of a directory: which one is asked, and the connection of the account that searches. */
import type { Clock } from '../domain/base/clock.ts'
import type { Log } from '../domain/base/log.ts'
import { type Connection, openConnection } from './connection.ts'
import { DirectoryError, directoryErrorOf, RESULT, resultCodeOf } from './failure.ts'
import type { ServerOptions } from './options.ts'

/** How long a server that did not answer is asked last. */
const AVOIDED_MS = 30_000
/** Servers close idle connections sooner or later (Active Directory after 15 minutes). */
const IDLE_MS = 60_000

export interface Servers {
  /**
   * Runs searches on the connection of the account that searches, which is kept for the next ones. Throws
   * DirectoryError. `work` may run twice, if the kept connection turns out to be closed.
   */
  search<T>(work: (connection: Connection) => Promise<T>): Promise<T>
  /** Opens a connection of its own, without signing in; the caller closes it. */
  open(): Promise<Connection>
  close(): void
}

export function createServers(
  options: ServerOptions,
  deps: {
    now: Clock
    log: Log
    /** Runs on each new connection of the account that searches. */
    prepare?: (connection: Connection) => Promise<void>
  },
): Servers {
  const { now, log, prepare = async () => {} } = deps
  const failedAt = new Map<string, number>()
  let kept: Promise<Connection> | undefined
  let idle: NodeJS.Timeout | undefined
  let inUse = 0

  /** Servers that failed recently come last: they are tried before giving up, but cost no sign-in its time. */
  function inOrder(): string[] {
    const isAvoided = (url: string) => now() - (failedAt.get(url) ?? Number.NEGATIVE_INFINITY) < AVOIDED_MS
    const { urls } = options
    return [...urls.filter((url) => !isAvoided(url)), ...urls.filter(isAvoided)]
  }

  async function open(begin: (connection: Connection) => Promise<void> = async () => {}) {
    let first: DirectoryError | undefined
    for (const url of inOrder()) {
      let connection: Connection | undefined
      try {
        connection = await openConnection(url, options)
        await begin(connection)
        failedAt.delete(url)
        return connection
      } catch (error) {
        connection?.close()
        const failure = directoryErrorOf(error)
        failedAt.set(url, now())
        log.warn('a server of the directory gives no answer', {
          ...{ url, problem: failure.problem, cause: failure.message },
        })
        first ??= failure
      }
    }
    throw first ?? new DirectoryError('unreachable', 'the directory has no servers')
  }

  function keep(): Promise<Connection> {
    const opening = open(async (connection) => {
      await signIn(connection, options)
      await prepare(connection)
    })
    kept = opening
    opening.catch(() => {
      if (kept === opening) kept = undefined
    })
    return opening
  }

  function drop(connection: Promise<Connection> | undefined): void {
    if (kept === connection) kept = undefined
    connection?.then((each) => each.close()).catch(() => undefined)
  }

  /** The open connection, and whether others used it before. */
  async function current(): Promise<{ connection: Connection; opened: Promise<Connection>; isNew: boolean }> {
    const before = kept
    const connection = await before?.catch(() => undefined)
    if (before && connection?.isOpen()) return { connection, opened: before, isNew: false }
    if (kept === before) {
      const opened = keep()
      return { connection: await opened, opened, isNew: true }
    }
    const opened = kept ?? keep()
    return { connection: await opened, opened, isNew: true }
  }

  async function search<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const { connection, opened, isNew } = await current()
    try {
      return await work(connection)
    } catch (error) {
      const failure = directoryErrorOf(error)
      if (failure.problem === 'base' || failure.problem === 'misconfigured') throw failure
      drop(opened)
      if (isNew || failure.problem !== 'closed') throw failure
      return search(work)
    }
  }

  function closeWhenIdle(): void {
    if (inUse > 0) return
    idle = setTimeout(() => drop(kept), IDLE_MS)
    idle.unref()
  }

  return {
    async search(work) {
      clearTimeout(idle)
      inUse += 1
      try {
        return await search(work)
      } finally {
        inUse -= 1
        closeWhenIdle()
      }
    },
    open: () => open(),
    close() {
      clearTimeout(idle)
      drop(kept)
    },
  }
}

/** Signs in as the account that searches; without one the searches are anonymous. Throws DirectoryError. */
export async function signIn(
  connection: Connection,
  { bindDn, bindPassword }: Pick<ServerOptions, 'bindDn' | 'bindPassword'>,
): Promise<void> {
  if (bindDn === undefined) return
  const password = bindPassword()
  if (!password) throw new DirectoryError('service-account', 'ldap-bind-dn has no password')
  try {
    await connection.bind(bindDn, password)
  } catch (error) {
    const code = resultCodeOf(error)
    if (code === undefined || code === RESULT.busy || code === RESULT.unavailable)
      throw directoryErrorOf(error)
    throw new DirectoryError(
      'service-account',
      `the directory refuses ldap-bind-dn (code ${code}): ${(error as Error).message}`,
      error,
    )
  }
}

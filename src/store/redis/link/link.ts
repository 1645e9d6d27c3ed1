/** One connection to one server, from its opening to its loss. It never reconnects: that makes another link. */
import { createClient, ErrorReply } from '@redis/client'
import type { RedisAccess } from './address.ts'

export type RedisReply = string | number | null | readonly RedisReply[]

export interface Link {
  /** Rejects with the cause of a failure; a response that takes too long ends the link. */
  send(command: readonly string[], timeoutMs?: number): Promise<RedisReply>
  /** Settles, with the reason, when the link is lost. It never rejects. */
  readonly lost: Promise<Error>
  isLost(): boolean
  lose(reason: Error): void
}

/** The server is not a master, or not yet one again: the caller must find the master again. */
const NO_MASTER = /^-?(READONLY|MASTERDOWN|LOADING)\b/

/** `timeoutMs` bounds the opening and every command; `signal` ends the link, opened or not. */
export interface LinkLimits {
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Connects and signs in within the time, else rejects. */
export async function openLink(access: RedisAccess, { timeoutMs, signal }: LinkLimits): Promise<Link> {
  signal.throwIfAborted()
  const password = typeof access.password === 'function' ? access.password() : access.password
  const client = createClient({
    RESP: 2,
    maintNotifications: 'disabled',
    disableOfflineQueue: true,
    disableClientInfo: true,
    database: access.database,
    ...(access.username === undefined ? {} : { username: access.username }),
    ...(password === undefined ? {} : { password }),
    // The client's own timeout limits only the time in its queue, and costs a signal for each command.
    commandOptions: { timeout: 0 },
    socket: {
      host: access.host,
      port: access.port,
      connectTimeout: timeoutMs,
      reconnectStrategy: false,
      ...(access.tls ? { tls: true, ...access.tls } : {}),
    },
  })
  const { promise: lost, resolve } = Promise.withResolvers<Error>()
  let reason: Error | undefined

  function lose(why: Error): void {
    if (reason) return
    reason = why
    // Closed without a last command, which a blocked socket would delay for minutes.
    client.destroy()
    signal.removeEventListener('abort', onAbort)
    resolve(why)
  }
  const onAbort = () => lose(new Error('the connection to Redis was closed'))
  signal.addEventListener('abort', onAbort)
  client.on('error', lose)
  // A client that is destroyed before its socket is connected would still connect.
  client.on('connect', () => {
    if (reason) client.destroy()
  })

  const link: Link = {
    lost,
    lose,
    isLost: () => reason !== undefined,
    send(command, within = timeoutMs) {
      const { promise, resolve, reject } = Promise.withResolvers<RedisReply>()
      const timer = setTimeout(() => lose(new Error(`Redis did not answer within ${within} ms`)), within)
      client.sendCommand<RedisReply>(command).then(
        (reply) => {
          clearTimeout(timer)
          if (reason) reject(reason)
          else resolve(reply)
        },
        (error: Error) => {
          clearTimeout(timer)
          if (error instanceof ErrorReply && NO_MASTER.test(error.message)) lose(error)
          reject(reason ?? error)
        },
      )
      return promise
    },
  }

  const timer = setTimeout(() => lose(new Error(`Redis did not let in within ${timeoutMs} ms`)), timeoutMs)
  try {
    await Promise.race([client.connect(), lost.then((why) => Promise.reject(why))])
    return link
  } catch (error) {
    lose(error as Error)
    throw reason ?? error
  } finally {
    clearTimeout(timer)
  }
}

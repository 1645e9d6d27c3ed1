import { lost, type Machine } from './machine.ts'
import type { Connection, Redis, Server } from './redis.ts'
import type { Scheduler } from './scheduler.ts'
import { STATEMENT_TIMEOUT_MS } from './settings.ts'

/** The promise of `src/store/redis/link/connection.ts`: no command is sent before the fence knows the server. */
export interface RedisConnection {
  /** @param on the id of the session store that must execute it; otherwise it fails */
  command<T>(script: (server: Server) => T, on?: string): Promise<T>
  /** Closes the connection and opens another. */
  drop(): void
}

export function createRedisConnection(deps: {
  scheduler: Scheduler
  redis: Redis
  machine: Machine
  identityOf: (server: Server) => string
  onConnected: (sessionStoreID: string) => Promise<void>
}): RedisConnection {
  const { scheduler, redis, machine } = deps
  let ready: (Connection & { id: string }) | undefined
  let giveUp = () => {}

  async function connect(): Promise<void> {
    const server = redis.masterFor(machine)
    const connection = redis.open(machine, server)
    const gone = new Promise<void>((resolve) => {
      giveUp = () => {
        connection.isCut = true
        resolve()
      }
      connection.onCut = resolve
    })
    const opening = (async () => {
      const found = await redis.run(machine, connection, STATEMENT_TIMEOUT_MS, (server) => ({
        isMaster: server.isMaster,
        id: deps.identityOf(server),
      }))
      if (!found.isMaster) throw lost('not a master')
      await deps.onConnected(found.id)
      return found.id
    })()
    // A connection may be lost while it waits for the fence; the next one does not wait for that.
    const id = await Promise.race([opening.catch(() => undefined), gone.then(() => undefined)])
    if (id !== undefined && !connection.isCut) {
      scheduler.note(() => `${machine.name}        is connected to ${server.name}`)
      ready = Object.assign(connection, { id })
      await gone
    }
    ready = undefined
    connection.isCut = true
    scheduler.note(() => `${machine.name}        is not connected to ${server.name}`)
  }

  async function keepConnected(): Promise<void> {
    for (;;) {
      await connect()
      await machine.wait(scheduler.between(100, 1000))
    }
  }
  keepConnected()

  return {
    async command(script, on) {
      const connection = ready
      if (!connection) throw lost('no connection')
      if (on !== undefined && on !== connection.id) throw lost('connected to another store')
      try {
        const value = await redis.run(machine, connection, STATEMENT_TIMEOUT_MS, script)
        if (ready === connection) return value
      } catch {
        if (ready === connection) giveUp()
      }
      throw lost('the connection was lost')
    },
    drop: () => giveUp(),
  }
}

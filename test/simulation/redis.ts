import type { Machine } from './machine.ts'
import type { Network } from './network.ts'
import type { Scheduler } from './scheduler.ts'

/** The server's data on a user: the stamp, and the deadlines of the marks of changes in progress. */
export type Stamps = Readonly<Record<string, StampRecord>>
export interface StampRecord {
  readonly stamp: string
  readonly marks: Readonly<Record<string, number>>
}

export interface Server {
  readonly name: string
  isUp: boolean
  isMaster: boolean
  /** Changes with every restart of the process. */
  run: number
  /** Changes whenever the data may differ from before, like `master_replid`. */
  history: number
  stamps: Stamps
  /** All states since the server took this role; a replica is at some position in its master's log. */
  log: Stamps[]
  /** How much of its master's log a replica has received at least, and whether it receives more. */
  position: number
  isFollowing: boolean
}

export interface Connection {
  readonly server: Server
  /** Set once the server has closed its side. */
  isCut: boolean
  onCut: () => void
}

/** One master and two replicas, with failovers as Sentinel would do them. */
export interface Redis {
  readonly servers: readonly Server[]
  master(): Server
  /** The server reported to a node as the master. */
  masterFor(machine: Machine): Server
  open(machine: Machine, server: Server): Connection
  /** Runs a script atomically on arrival; it may run although the reply is lost. */
  run<T>(
    machine: Machine,
    connection: Connection,
    timeoutMs: number,
    script: (server: Server) => T,
  ): Promise<T>
  write(server: Server, userID: string, record: StampRecord): void
  /** Cuts the connection of one node, which may reconnect. */
  hiccup(node: string): void
  kill(server: Server): void
  /** Restarts the same server without a failover. */
  restart(server: Server, kept: 'nothing' | 'something'): void
  /** Promotes a replica, `to` if given and possible; the old master follows it only after `demote`. */
  failOver(to?: Server): void
  /** Also cuts the clients' connections, as Sentinel does. */
  demote(server: Server): void
  isolate(nodes: readonly string[]): void
  pauseReplication(): void
  heal(): void
}

export function createRedis(scheduler: Scheduler, network: Network): Redis {
  let unique = 0
  const next = () => {
    unique += 1
    return unique
  }
  const servers = ['r1', 'r2', 'r3'].map(
    (name, index): Server => ({
      name,
      isUp: true,
      isMaster: index === 0,
      run: next(),
      history: 0,
      stamps: {},
      log: [{}],
      position: 0,
      isFollowing: true,
    }),
  )
  let master = servers[0] as Server
  /** The old master that is still reported to some nodes. */
  let deposed: { readonly server: Server; readonly nodes: readonly string[] } | undefined
  const connections = new Set<{ machine: Machine; connection: Connection }>()
  const { note, chance, between } = scheduler

  function cutWhere(isMeant: (machine: Machine, server: Server) => boolean): void {
    for (const each of connections) {
      const { machine, connection } = each
      if (!isMeant(machine, connection.server)) continue
      connections.delete(each)
      connection.isCut = true
      network.send(machine, connection.server.name, () => machine.deliver(connection.onCut))
    }
  }
  const cutAll = (server: Server) => cutWhere((_, other) => other === server)

  function become(server: Server, stamps: Stamps): void {
    server.stamps = stamps
    server.log = [stamps]
    server.position = 0
    server.history = next()
  }

  /** A replica's data: usually all of the master's, sometimes without the last writes. */
  function replicated(server: Server): Stamps {
    const newest = master.log.length - 1
    if (server.isFollowing && chance(0.4)) server.position = newest
    else if (server.isFollowing) {
      server.position = Math.max(server.position, newest - Math.floor(between(0, 8)))
    }
    return master.log[Math.min(server.position, newest)] as Stamps
  }

  const follow = (server: Server) => {
    server.isMaster = false
    server.position = 0
    server.isFollowing = true
  }

  return {
    servers,
    master: () => master,
    masterFor: (machine) => (deposed?.nodes.includes(machine.name) ? deposed.server : master),
    open(machine, server) {
      const connection: Connection = { server, isCut: false, onCut: () => {} }
      connections.add({ machine, connection })
      return connection
    },
    run: (machine, connection, timeoutMs, script) =>
      machine.call(timeoutMs, (reply) => {
        const { server } = connection
        network.send(machine, server.name, () => {
          if (!server.isUp || connection.isCut) return
          const value = script(server)
          network.send(machine, server.name, () => reply({ value }))
        })
      }),
    write(server, userID, record) {
      server.stamps = { ...server.stamps, [userID]: record }
      server.log.push(server.stamps)
    },
    hiccup: (node) => cutWhere((machine) => machine.name === node),
    kill(server) {
      note(() => `redis     ${server.name} is killed`)
      server.isUp = false
      cutAll(server)
    },
    restart(server, kept) {
      note(() => `redis     ${server.name} restarts with ${kept} of its data`)
      const older = server.log[Math.max(0, server.log.length - 1 - Math.floor(between(0, 6)))] ?? {}
      cutAll(server)
      server.isUp = true
      server.run = next()
      if (server.isMaster) become(server, kept === 'nothing' ? {} : older)
    },
    failOver(to) {
      const candidates = servers.filter((server) => server.isUp && !server.isMaster)
      if (candidates.length === 0) return
      const chosen = to && candidates.includes(to) ? to : scheduler.pick(candidates)
      become(chosen, replicated(chosen))
      chosen.isMaster = true
      master = chosen
      for (const other of servers) if (other !== master && !other.isMaster) follow(other)
      note(() => `redis     ${chosen.name} is promoted: ${show(chosen.stamps)}`)
    },
    demote(server) {
      if (server === master || !server.isMaster) return
      note(() => `redis     ${server.name} becomes a replica`)
      cutAll(server)
      follow(server)
      if (deposed?.server === server) deposed = undefined
    },
    isolate(nodes) {
      note(() => `redis     ${master.name} goes on for ${nodes.join(', ') || 'nobody'} alone`)
      deposed = { server: master, nodes }
    },
    pauseReplication() {
      for (const server of servers) {
        if (server === master) continue
        replicated(server)
        server.isFollowing = false
      }
    },
    heal() {
      deposed = undefined
      if (!master.isUp) this.restart(master, chance(0.5) ? 'nothing' : 'something')
      for (const server of servers) {
        if (server === master) continue
        if (!server.isUp) this.restart(server, 'something')
        this.demote(server)
        server.isFollowing = true
      }
    },
  }
}

export function show(stamps: Stamps): string {
  return JSON.stringify(stamps).replaceAll('"', '')
}

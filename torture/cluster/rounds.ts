/** The faults, one after another under load, and what must hold during and after each. */
import type { Cluster } from '../../cluster/cluster.ts'
import type { Fault } from '../../cluster/tcp-proxy.ts'
import type { Person, Session } from './ledger.ts'
import {
  deactivate,
  makeToken,
  newPerson,
  pause,
  readSession,
  readToken,
  signIn,
  type World,
} from './people.ts'

export interface Round {
  readonly name: string
  /** Returns a figure to report, if the round has one. */
  run(): Promise<string | undefined>
  /** The number of users that make the load, if it is not the usual one. */
  readonly people?: number
}

type Engine = 'postgres' | 'redis'

export function rounds(cluster: Cluster, world: World): Round[] {
  const { nodes, postgres, redis, haproxy, links } = cluster

  function fail(engine: Engine, fault: Fault | undefined): void {
    for (const link of links) {
      for (const proxy of link[engine]) {
        if (fault) proxy.fail(fault)
        else proxy.heal()
      }
    }
  }

  /** Marks the sessions that were only in Redis as lost. */
  function sessionsAreLost(): void {
    for (const { sessions } of world.people) {
      for (const { isRemembered, fact } of sessions)
        if (!isRemembered && fact.state === 'alive') fact.settle('lost')
    }
  }

  async function lookForLost(): Promise<void> {
    const all = world.people.flatMap(({ sessions }) => sessions)
    for (const session of all.filter(({ fact }) => fact.state === 'lost')) {
      await readSession(world, session, world.url)
    }
  }

  async function killed(index: number): Promise<void> {
    const node = nodes[index]
    await node?.kill()
    await pause(2000)
    await node?.start()
    await pause(1500)
  }

  async function cut(engine: Engine): Promise<string> {
    const served = { tokens: 0, sessions: 0 }
    const probe = await probes(world)
    for (const kind of ['refuse', 'swallow'] as const) {
      fail(engine, { kind })
      for (const end = performance.now() + 15_000; performance.now() < end; await pause(100)) {
        const [session, token] = await probe()
        if (session === 200) served.sessions += 1
        if (token === 200) served.tokens += 1
      }
      fail(engine, undefined)
      await recovered(cluster, world)
    }
    if (engine === 'redis' && served.tokens === 0)
      world.wrong('no request by token was served while Redis was away')
    return `meanwhile ${served.tokens} requests by token and ${served.sessions} by session answered with 200`
  }

  async function slowed(engine: Engine): Promise<undefined> {
    // Delays below and above the time limits.
    for (const ms of [100, 500, 1500]) {
      fail(engine, { kind: 'slow', ms })
      await pause(10_000)
    }
    fail(engine, undefined)
    return undefined
  }

  /** Requests to the paused node begin after the users were deactivated, so it must refuse them when it resumes. */
  async function paused(): Promise<string> {
    const node = nodes[1]
    if (!node) return ''
    const people: Person[] = []
    while (people.length < 10) {
      const person = await newPerson(world)
      if (!person) continue
      await signIn(world, person, people.length % 2 === 0)
      await makeToken(world, person)
      if (person.sessions.length === 0 || person.tokens.length === 0) continue
      people.push(person)
    }
    const sessions: Session[] = people.map(({ sessions: [session] }) => session as Session)
    // The node has all of them cached when it is paused.
    for (const session of sessions) await readSession(world, session, node.url)
    for (const person of people) await readToken(world, person, person.tokens[0] as never, node.url)
    node.pause()
    // The balancer notices first.
    await pause(4000)
    for (const person of people) await deactivate(world, person)
    const asked = [
      ...sessions.map((session) => readSession(world, session, node.url, 30_000)),
      ...people.map((person) => readToken(world, person, person.tokens[0] as never, node.url, 30_000)),
    ]
    await pause(14_000)
    node.resume()
    const answers = await Promise.all(asked)
    const refused = answers.filter((status) => status === 401 || status === 403).length
    if (refused === 0) world.wrong('the resumed node answered no request')
    return `${people.length} users were deactivated meanwhile; ${refused} of ${answers.length} requests that waited in the node were refused, ${answers.length - refused} unavailable`
  }

  async function rolling(): Promise<string> {
    for (const node of nodes) {
      await haproxy?.drain(node.name)
      await node.stop()
      await node.start()
      await haproxy?.ready(node.name)
      await pause(1000)
    }
    return 'each was drained, stopped and started'
  }

  const then = (work: () => Promise<unknown>) => async () => {
    await work()
    return undefined
  }

  return [
    {
      name: 'kill -9 of each node in turn',
      run: then(async () => {
        for (const index of nodes.keys()) await killed(index)
      }),
    },
    { name: 'rolling restart of all nodes', run: rolling },
    {
      name: "kill -9 of Redis's master, and failover",
      async run() {
        const started = performance.now()
        const server = await redis.killMaster()
        const ms = performance.now() - started
        await pause(5000)
        await redis.revive(server)
        await redis.settled()
        await pause(2000)
        return `another server was master after ${(ms / 1000).toFixed(1)} s`
      },
    },
    {
      name: 'a failover from a healthy Redis master, so that there are two masters',
      async run() {
        const before = world.excused
        // Until the Sentinels make it a replica, the old master accepts sessions that it will discard.
        world.isRedisLosing = true
        await redis.failOver()
        await pause(12_000)
        await redis.settled()
        await recovered(cluster, world)
        world.isRedisLosing = false
        await lookForLost()
        return `${world.excused - before} sessions started on the old master meanwhile were lost`
      },
    },
    {
      name: 'Redis restarted without its data',
      async run() {
        const before = world.excused
        world.isRedisLosing = true
        sessionsAreLost()
        await redis.restartEmpty()
        await recovered(cluster, world)
        world.isRedisLosing = false
        await redis.settled()
        await lookForLost()
        return `${world.excused - before} sessions that were only in Redis were lost`
      },
    },
    {
      name: 'PostgreSQL stopped for 3 s, then crashed',
      run: then(async () => {
        await postgres.restart('SIGINT', 3000)
        await recovered(cluster, world)
        await pause(2000)
        await postgres.restart('SIGQUIT', 500)
      }),
    },
    { name: 'PostgreSQL cut off for 30 s', run: () => cut('postgres') },
    { name: 'PostgreSQL slowed for 30 s', run: () => slowed('postgres') },
    { name: 'Redis cut off for 30 s', run: () => cut('redis') },
    { name: 'Redis slowed for 30 s', run: () => slowed('redis') },
    { name: 'a node paused for 20 s while its users are deactivated', run: paused },
  ]
}

/**
 * Returns a function that sends requests by session and by token, through the balancer, for a user who is never
 * changed.
 */
async function probes(world: World): Promise<() => Promise<[number, number]>> {
  const person = await newPerson(world)
  if (!person) throw new Error('no user could be created')
  await signIn(world, person, true)
  await makeToken(world, person)
  const [session, token] = [person.sessions[0], person.tokens[0]]
  if (!session || !token) throw new Error('the user could not sign in')
  return () =>
    Promise.all([readSession(world, session, world.url), readToken(world, person, token, world.url)])
}

/** Milliseconds until every node reads and writes again; more than ten seconds is a violation. */
export async function recovered(cluster: Cluster, world: World): Promise<number> {
  const { client, operator, sharedOrgID } = world
  const started = performance.now()
  const isWell = async (base: string) => {
    const ready = await client.ask(base, 'GET', '/ready')
    const made = await client.ask(base, 'PATCH', `/api/v2/orgs/${sharedOrgID}`, {
      headers: operator,
      json: { description: `${Math.random()}` },
    })
    const read = await client.ask(base, 'GET', `/api/v2/orgs/${sharedOrgID}`, { headers: operator })
    return ready.status === 200 && made.status === 200 && read.status === 200
  }
  for (;;) {
    const well = await Promise.all([...cluster.nodes.map(({ url }) => url), world.url].map(isWell))
    if (well.every(Boolean)) break
    if (performance.now() - started > 30_000) {
      world.wrong('the cluster did not recover within 30 s')
      break
    }
    await pause(50)
  }
  const ms = performance.now() - started
  if (ms > 10_000) world.wrong(`recovered only after ${ms.toFixed(0)} ms`)
  return ms
}

/** Checks everything in the ledger on each node, while the load is stopped. Returns the number of requests. */
export async function audit(cluster: Cluster, world: World, deepest: number): Promise<number> {
  const { people, endedSessions, deletedTokens } = world
  const [anybody] = people
  const questions: ((url: string) => Promise<unknown>)[] = []
  for (const person of people.filter(({ isRetired }) => !isRetired)) {
    for (const session of person.sessions) questions.push((url) => readSession(world, session, url))
    for (const token of person.tokens) questions.push((url) => readToken(world, person, token, url))
  }
  for (const session of endedSessions.slice(-deepest))
    questions.push((url) => readSession(world, session, url))
  for (const token of anybody ? deletedTokens.slice(-deepest) : []) {
    questions.push((url) => readToken(world, anybody as Person, token, url))
  }
  let next = 0
  async function asker(): Promise<void> {
    for (let ask = questions[next++]; ask; ask = questions[next++]) {
      for (const { url } of cluster.nodes) await ask(url)
    }
  }
  await Promise.all(Array.from({ length: 12 }, asker))
  return questions.length * cluster.nodes.length
}

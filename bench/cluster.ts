/**
 * `npm run bench -- --cluster`: the cost of a request with sessions in Redis and identities in PostgreSQL, in round
 * trips, and compared with a single node on the same core. Then the figures on which docs/cluster.md bases its
 * estimates.
 */
import { readFileSync } from 'node:fs'
import { type Cluster, startCluster } from '../cluster/cluster.ts'
import { askRedis } from '../cluster/redis.ts'
import { installEngines } from '../scripts/engines/install.ts'
import { BASIC, enrich, type IDs, post, setUp, signIn } from './client.ts'
import { compare, me } from './compare.ts'
import { besideLoad, load, serverCore, startSluice } from './processes.ts'
import type { Figure } from './report.ts'

const LIMITS = ['--log-level', 'error', '--guess-address-limit', '1000000']

export async function benchCluster(show: (figure: Figure) => void): Promise<void> {
  if (installEngines(['postgres', 'redis']).length > 0) return
  await counting(show)
  const cluster = await startCluster({ nodes: 1, port: false, flags: LIMITS, core: serverCore })
  for (const { pid } of [cluster.postgres, ...cluster.redis.servers]) besideLoad(pid())
  try {
    const [node] = cluster.nodes
    const port = node?.port ?? 0
    const ids = await setUp(port)
    await againstOneNode(show, port, ids)
    await sizing(show, cluster, port, ids)
    await withMuch(show, port, ids)
  } finally {
    await cluster.stop()
  }
}

/** Counts messages per request. Requests run one after another, so that each message to a database is one packet. */
async function counting(show: (figure: Figure) => void): Promise<void> {
  const cluster = await startCluster({ nodes: 3, port: false, links: true, durable: false, flags: LIMITS })
  try {
    const [first] = cluster.nodes
    const port = first?.port ?? 0
    await setUp(port)
    const headers = { cookie: await signIn(port) }
    const calls = async () => {
      const stats = await askRedis((await cluster.redis.master()).port, 'INFO commandstats')
      return Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0)
    }
    const sent = () => ({
      postgres: cluster.links[0]?.postgres.reduce((sum, proxy) => sum + proxy.sent(), 0) ?? 0,
      redis: cluster.links[0]?.redis.reduce((sum, proxy) => sum + proxy.sent(), 0) ?? 0,
    })
    const seconds = 4
    await load({ port, path: '/api/v2/me', headers, connections: 1, seconds: 1 })
    const start = { ...sent(), calls: await calls() }
    const { perSecond } = await load({ port, path: '/api/v2/me', headers, connections: 1, seconds })
    const end = { ...sent(), calls: await calls() }
    // Measures the node's own periodic requests, which are subtracted.
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
    const idle = { ...sent(), calls: await calls() }
    const requests = perSecond * seconds
    const each = (what: 'postgres' | 'redis' | 'calls') =>
      (end[what] - start[what] - (idle[what] - end[what])) / requests
    const detail = `of ${Math.round(requests)} requests one after another; the node's own periodic requests are subtracted`
    const exactly = { unit: 'ratio', atMost: 1.01 } as const
    show({ name: 'round trips to Redis per GET /me by cookie', value: each('redis'), ...exactly, detail })
    show({ name: 'scripts run by Redis per GET /me by cookie', value: each('calls'), ...exactly })
    show({
      name: 'messages to PostgreSQL per GET /me by cookie',
      value: each('postgres'),
      unit: 'ratio',
      atMost: 0.01,
    })
    const own = (idle.postgres - end.postgres) / seconds
    show({ name: 'messages to PostgreSQL of an idle node', value: own, unit: 'a second' })
  } finally {
    await cluster.stop()
  }
}

async function againstOneNode(show: (figure: Figure) => void, port: number, ids: IDs): Promise<void> {
  const single = await startSluice()
  const singleIDs = await setUp(single.port)
  const byCookie = await compare([
    { port: single.port, headers: { cookie: await signIn(single.port) } },
    { port, headers: { cookie: await signIn(port) } },
  ])
  const byToken = await compare([
    { port: single.port, headers: { authorization: `Token ${singleIDs.operator}` } },
    { port, headers: { authorization: `Token ${ids.operator}` } },
  ])
  await single.stop()
  const rate = ({ base, ratios }: typeof byCookie) => (ratios[1] ?? 0) * base
  show({
    name: 'GET /me by cookie, a node of the cluster against a single node on the same core',
    value: byCookie.ratios[1] ?? 0,
    unit: 'ratio',
    atLeast: 0.45,
    detail: `${Math.round(rate(byCookie))} against ${Math.round(byCookie.base)} requests a second`,
  })
  show({
    name: 'GET /me by token, the same',
    value: byToken.ratios[1] ?? 0,
    unit: 'ratio',
    detail: `${Math.round(rate(byToken))} against ${Math.round(byToken.base)} requests a second`,
  })
}

/** Figures without a required value, for docs/cluster.md. */
async function sizing(
  show: (figure: Figure) => void,
  cluster: Cluster,
  port: number,
  ids: IDs,
): Promise<void> {
  const master = (await cluster.redis.master()).port
  const headers = { cookie: await signIn(port) }
  const redisPid = Number(/process_id:(\d+)/.exec(await askRedis(master, 'INFO server'))?.[1])
  const nodePid = cluster.nodes[0]?.pid() ?? 0
  const cpu = () => ({ node: cpuMs(nodePid), redis: cpuMs(redisPid) })
  const idle = cpu()
  const seconds = 4
  const requests = (await me(port, headers, seconds)).perSecond * seconds
  const busy = cpu()
  const share = (what: 'node' | 'redis') => ((busy[what] - idle[what]) * 1000) / requests
  const detail = 'CPU time of the process, independent of other load'
  show({ name: 'CPU of a node per GET /me by cookie', value: share('node'), unit: 'µs', detail })
  show({ name: "CPU of Redis's master for it", value: share('redis'), unit: 'µs' })

  const memory = async () => Number(/used_memory:(\d+)/.exec(await askRedis(master, 'INFO memory'))?.[1])
  const before = await memory()
  const signIns = 400
  const signInsFrom = cpuMs(nodePid)
  await inTurns(signIns, 8, () => signIn(port))
  show({ name: 'CPU of a node per sign-in', value: (cpuMs(nodePid) - signInsFrom) / signIns, unit: 'ms' })
  show({ name: 'memory of Redis per session', value: ((await memory()) - before) / signIns, unit: 'bytes' })

  const authorization = `Token ${ids.operator}`
  const changes = 1000
  const from = performance.now()
  await inTurns(changes, 16, (i) => post(port, '/api/v2/users', { name: `user ${i}` }, authorization))
  show({
    name: 'changes, 16 at a time',
    value: changes / ((performance.now() - from) / 1000),
    unit: 'a second',
  })
}

/** The CPU time of a process so far, user and system, from /proc, in hundredths of a second. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

async function inTurns(times: number, atOnce: number, work: (i: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const worker = async () => {
    for (let i = next++; i < times; i = next++) await work(i)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

async function withMuch(show: (figure: Figure) => void, port: number, ids: IDs): Promise<void> {
  const cookie = await signIn(port)
  const authorization = `Token ${ids.operator}`
  const little = await post<{ id: string }>(port, '/api/v2/users', { name: 'little' }, authorization)
  const password = 'correct horse 1'
  const set = await fetch(`http://127.0.0.1:${port}/api/v2/users/${little.id}/password`, {
    method: 'POST',
    headers: { authorization },
    body: JSON.stringify({ password }),
  })
  if (!set.ok) throw new Error(`setting a password: ${set.status}`)
  const basic = BASIC.replace(/ .*/, ` ${Buffer.from(`little:${password}`).toString('base64')}`)
  const signedIn = await fetch(`http://127.0.0.1:${port}/api/v2/signin`, {
    method: 'POST',
    headers: { authorization: basic },
  })
  const littleCookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
  await enrich(port, ids, 100, 10_000)
  const { ratios } = await compare([
    { port, headers: { cookie: littleCookie } },
    { port, headers: { cookie } },
  ])
  show({
    name: 'GET /me by cookie of a user with 10,000 tokens and 100 organizations against one with none',
    value: ratios[1] ?? 0,
    unit: 'ratio',
    atLeast: 0.95,
  })
}

/**
 * The gateway before an upstream that fails in every way: `npm run torture -- --gateway`, under two minutes. No
 * acknowledged write is lost, none is written twice, every failure is answered in the documented schema, and memory
 * stays bounded. `--only TEXT` selects rounds by name.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { freePort } from '../test/support/free-port.ts'
import { startInfluxd } from '../test/support/influxd/influxd.ts'
import { peakMiB } from '../test/support/process-memory.ts'
import { tortureDatabases } from './databases.ts'
import {
  createPointLedger,
  download,
  exchange,
  type PointLedger,
  schemaProblem,
  startWriters,
} from './gateway-client.ts'
import { basic, type Server, setUp, startServer } from './server.ts'

const GIGABYTE = 1_000_000_000
/** While much passes through, and while thousands of requests a second fail. */
const MOST_MIB = { streaming: 200, failing: 300 }
const WRITERS = 16
const WRITE = '/api/v2/write?org=analytics&bucket=engine'
const QUERY = '/api/v2/query?org=analytics'
const FLUX = { 'content-type': 'application/vnd.flux' }

interface World {
  readonly sluice: Server
  readonly upstream: Upstream
  readonly folder: string
  readonly token: Record<string, string>
  readonly credentials: readonly Record<string, string>[]
  readonly ledger: PointLedger
  readonly wrong: string[]
}

interface Round {
  readonly name: string
  readonly mostMiB: number
  run(world: World): Promise<string>
}

const ROUNDS: readonly Round[] = [
  { name: '1 GB down', mostMiB: MOST_MIB.streaming, run: down },
  { name: '1 GB up', mostMiB: MOST_MIB.streaming, run: up },
  { name: 'upstream killed and started again', mostMiB: MOST_MIB.failing, run: kills },
  {
    name: 'upstream that cuts, waits, answers nonsense or has a full disk',
    mostMiB: MOST_MIB.failing,
    run: faulty,
  },
  {
    name: 'tokens deleted upstream, also by a restored backup',
    mostMiB: MOST_MIB.failing,
    run: deletedTokens,
  },
  { name: 'answers that break off', mostMiB: MOST_MIB.failing, run: cutAnswers },
  { name: 'clients that go away', mostMiB: MOST_MIB.failing, run: leaving },
  { name: 'uploads that are answered before their end', mostMiB: MOST_MIB.failing, run: earlyAnswers },
]

/** The number of violations found. */
export async function tortureGateway(argv: readonly string[]): Promise<number> {
  const options = { only: { type: 'string' }, gateway: { type: 'boolean' } } as const
  const { only = '' } = parseArgs({ args: [...argv], options }).values
  const folder = mkdtempSync(join(tmpdir(), 'sluice-torture-gateway-'))
  const influxd = await startInfluxd({ isSetUp: false })
  const upstream = await startUpstream(folder, influxd.url)
  const sluice = await startServer({
    sqlitePath: join(folder, 'gateway.sqlite'),
    flags: ['--upstream-write-timeout', '1s', '--upstream-max-write-size', '2GiB'],
    env: { SLUICE_UPSTREAM_URL: upstream.url, SLUICE_UPSTREAM_TOKEN: 'operator-token' },
  })
  let violations = 0
  try {
    const { operator: token } = await setUp(sluice)
    const { cookie = '' } = await sluice.ask('POST', '/api/v2/signin', { headers: basic('ada') })
    for (const round of ROUNDS.filter(({ name }) => name.includes(only))) {
      const world = {
        ...{ sluice, upstream, folder, token, credentials: [token, { cookie }] },
        ...{ ledger: createPointLedger(), wrong: [] as string[] },
      }
      violations += await runRound(round, world)
    }
  } finally {
    await sluice.stop()
    await upstream.kill()
    await influxd.stop()
    rmSync(folder, { recursive: true })
  }
  return violations + (await tortureDatabases(only))
}

async function runRound(round: Round, world: World): Promise<number> {
  const begun = performance.now()
  const { ledger, sluice, upstream } = world
  const report = await round.run(world).catch((error: Error) => {
    world.wrong.push(`the round itself failed: ${error.stack}`)
    return 'failed'
  })
  await upstream.tell('')
  const stillWorks = await sluice.ask('POST', WRITE, { headers: world.token, json: 'w id=0' })
  if (stillWorks.status !== 204) world.wrong.push(`a write after the round: ${stillWorks.status}`)
  const inFlight = await settled(() => inFlightOf(sluice, world.token), 0)
  if (inFlight !== 0) world.wrong.push(`${inFlight} requests are still counted as under way`)
  const mib = peakMiB(sluice.pid)
  if (mib > round.mostMiB) world.wrong.push(`the process had ${mib.toFixed(0)} MiB`)
  const wrong = [...world.wrong, ...ledger.wrong, ...doubtful(world)]
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  console.log(
    `${wrong.length === 0 ? 'ok      ' : 'WRONG   '}  ${round.name}: ${report}; at most ${mib.toFixed(0)} MiB; ${seconds} s`,
  )
  for (const each of wrong.slice(0, 20)) console.log(`            ${each}`)
  return wrong.length
}

/** Compares what was acknowledged with what upstream has. */
function doubtful({ ledger, folder }: World): string[] {
  const counts = new Map<number, number>()
  for (const line of readFileSync(join(folder, 'points'), 'latin1').split('\n')) {
    if (line !== '') counts.set(Number(line), (counts.get(Number(line)) ?? 0) + 1)
  }
  counts.delete(0)
  return [
    ...[...ledger.acknowledged]
      .filter((id) => !counts.has(id))
      .map((id) => `write ${id} was acknowledged and lost`),
    ...[...counts]
      .filter(([, count]) => count > 1)
      .map(([id, count]) => `write ${id} was written ${count} times`),
  ]
}

async function down({ sluice, token, wrong }: World): Promise<string> {
  const begun = performance.now()
  const asked = { path: QUERY, headers: { ...token, ...FLUX }, body: `bytes ${GIGABYTE}` }
  const { status, bytes } = await download(sluice.url, asked, GIGABYTE)
  if (status !== 200 || bytes !== GIGABYTE) wrong.push(`${status}, ${bytes} bytes`)
  return `${rate(begun)} MB a second, with a rest of 1.5 s`
}

async function up({ sluice, token, wrong, upstream }: World): Promise<string> {
  const rates: string[] = []
  for (const isChunked of [false, true]) {
    const begun = performance.now()
    const half = { path: WRITE, headers: token, body: GIGABYTE / 2, isChunked }
    const { status } = await exchange(sluice.url, new Agent(), half)
    const { bodyBytes } = await upstream.tell('')
    if (status !== 204 || bodyBytes !== GIGABYTE / 2) wrong.push(`${status}, ${bodyBytes} bytes arrived`)
    rates.push(`${rate(begun, GIGABYTE / 2)} MB a second ${isChunked ? 'in chunks' : 'with a length'}`)
  }
  return rates.join(', ')
}

const rate = (begun: number, bytes = GIGABYTE) => Math.round(bytes / 1000 / (performance.now() - begun))

const FAILED: ReadonlySet<number> = new Set([502, 503, 504])

async function kills(world: World): Promise<string> {
  const stop = writersOf(world, FAILED)
  for (const downMs of [0, 300, 1500]) {
    await pause(700)
    await world.upstream.kill()
    await pause(downMs)
    await world.upstream.start()
  }
  const before = world.ledger.acknowledged.size
  await pause(700)
  if (world.ledger.acknowledged.size === before)
    world.wrong.push('nothing was written once upstream was back')
  await stop()
  return told(world.ledger)
}

async function faulty(world: World): Promise<string> {
  const stop = writersOf(world, new Set([...FAILED, 500]))
  const each = ['cut-before', 'cut-after', 'slow', 'nonsense', 'nonsense-length', 'full', 'early']
  await world.upstream.tell(each.flatMap((fault) => [fault, 'none', 'none', 'none']).join(','))
  await pause(10_000)
  await stop()
  if (world.ledger.slowestMs > 6000) world.wrong.push(`a write took ${world.ledger.slowestMs.toFixed(0)} ms`)
  const seen = [500, 502, 503, 504].filter((status) => !world.ledger.refused.has(status))
  if (seen.length > 0) world.wrong.push(`never answered ${seen.join(', ')}`)
  return told(world.ledger)
}

async function deletedTokens(world: World): Promise<string> {
  const { upstream, folder, ledger } = world
  // Upstream is there all the time and did nothing for what it refused, so no client needs to learn of it.
  const stop = writersOf(world, new Set())
  for (let count = 0; count < 5; count += 1) {
    await pause(500)
    // A request is repeated once, so each time a new token must have been used before it is deleted.
    const before = ledger.acknowledged.size
    for (const end = performance.now() + 10_000; performance.now() < end; await pause(10)) {
      if (ledger.acknowledged.size > before) break
    }
    await upstream.forgetTokens()
  }
  await stop()
  await upstream.kill()
  writeFileSync(join(folder, 'tokens'), '')
  await upstream.start()
  const again = writersOf(world, new Set())
  await pause(700)
  await again()
  return `6 times; ${told(ledger)}`
}

async function cutAnswers({ sluice, token, wrong }: World): Promise<string> {
  let cut = 0
  for (const bytes of [1000, 200_000, 20_000_000]) {
    for (let count = 0; count < 10; count += 1) {
      const asked = { path: QUERY, headers: { ...token, ...FLUX }, body: `cut bytes ${bytes}` }
      const answer = await exchange(sluice.url, new Agent(), asked).catch(() => undefined)
      if (answer === undefined || FAILED.has(answer.status)) cut += 1
      else if (bytes > 100_000)
        wrong.push(`a part of ${bytes} bytes was handed on as the whole: ${answer.status}`)
    }
  }
  return `${cut} of 30 were cut off, as upstream's were`
}

async function leaving({ sluice, token, wrong, upstream }: World): Promise<string> {
  const clients = Array.from({ length: 90 }, async (_, index) => {
    const leaveAfterMs = 5 + index * 7
    const isUpload = index % 3 === 0
    const asked = isUpload
      ? { path: WRITE, headers: token, body: 50_000_000, leaveAfterMs, isChunked: index % 2 === 0 }
      : { path: QUERY, headers: { ...token, ...FLUX }, body: 'bytes 0', leaveAfterMs }
    const part = isUpload ? {} : { onPart: () => undefined }
    return exchange(sluice.url, new Agent(), { ...asked, ...part }).then(
      ({ status }) => status,
      () => undefined,
    )
  })
  await Promise.all(clients)
  const open = await settled(async () => (await upstream.tell('')).openQueries, 0)
  if (open !== 0) wrong.push(`${open} queries go on upstream though their clients went away`)
  return `${clients.length} clients`
}

async function earlyAnswers({ sluice, token, wrong, upstream }: World): Promise<string> {
  await upstream.tell('early')
  let answered = 0
  for (const isChunked of [false, true]) {
    for (let count = 0; count < 10; count += 1) {
      const asked = { path: WRITE, headers: token, body: 20_000_000, isChunked }
      const answer = await exchange(sluice.url, new Agent(), asked).catch((error: Error) => error)
      if (answer instanceof Error) wrong.push(`the answer was lost: ${answer.message}`)
      else if (answer.status !== 503 || schemaProblem(answer)) wrong.push(`${answer.status} ${answer.body}`)
      else answered += 1
    }
  }
  return `${answered} of 20 clients got the answer`
}

function writersOf({ sluice, credentials, ledger }: World, expected: ReadonlySet<number>) {
  return startWriters(WRITERS, { url: sluice.url, path: WRITE, credentials, ledger, expected })
}

function told({ acknowledged, refused, slowestMs }: PointLedger): string {
  const others = [...refused].map(([status, count]) => `${count} of ${status}`)
  return `${acknowledged.size} writes acknowledged${others.length > 0 ? `, ${others.join(', ')}` : ''}, the slowest ${slowestMs.toFixed(0)} ms`
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Asks again for up to 3 s until the answer is the wanted one; resolves to the last answer. */
async function settled(ask: () => Promise<number>, wanted: number): Promise<number> {
  let found = await ask()
  for (const end = performance.now() + 3000; found !== wanted && performance.now() < end; ) {
    await pause(50)
    found = await ask()
  }
  return found
}

async function inFlightOf(sluice: Server, headers: Record<string, string>): Promise<number> {
  const { body } = await sluice.ask('GET', '/metrics', { headers })
  return Number(/^sluice_gateway_in_flight (\d+)/m.exec(String(body))?.[1])
}

interface Upstream {
  readonly url: string
  start(): Promise<void>
  kill(): Promise<void>
  /** Sets the faults of the next requests, with commas between them. */
  tell(faults: string): Promise<{ openQueries: number; bodyBytes: number }>
  forgetTokens(): Promise<void>
}

async function startUpstream(folder: string, influxd: string): Promise<Upstream> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const program = fileURLToPath(new URL('gateway-upstream.ts', import.meta.url))
  let child: ChildProcess | undefined
  process.on('exit', () => child?.kill('SIGKILL'))
  async function control(method: string, query = ''): Promise<{ openQueries: number; bodyBytes: number }> {
    const response = await fetch(`${url}/torture${query}`, { method })
    return (await response.json()) as { openQueries: number; bodyBytes: number }
  }
  const upstream: Upstream = {
    url,
    async start() {
      child = spawn(process.execPath, [program, String(port), folder, influxd], {
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      for (const end = performance.now() + 20_000; performance.now() < end; await pause(10)) {
        const isThere = await control('GET').then(
          () => true,
          () => false,
        )
        if (isThere) return
      }
      throw new Error('the upstream does not start')
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
    tell: (faults) => control('POST', `?faults=${faults}`),
    async forgetTokens() {
      await control('DELETE')
    },
  }
  await upstream.start()
  return upstream
}

/**
 * `npm run bench -- --gateway`: what the gateway costs, against a proxy that judges nothing and against vmauth, each
 * alone on one core, with the load and upstream on the other. vmauth is taken from `VMAUTH` or the path; without it the
 * bare proxy is the measure.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../test/support/free-port.ts'
import { startInfluxd } from '../test/support/influxd/influxd.ts'
import { type IDs, post, setUp, signIn } from './client.ts'
import { compareLoads } from './compare.ts'
import { KINDS, type MeasuredKind } from './gateway-kinds.ts'
import type { Load } from './load.ts'
import { load, type Running, script, start, startSluiceWith } from './processes.ts'
import { type Figure, median } from './report.ts'

const TOKENS = 10_000
const SMALL_BYTES = 1000
const LARGE_BYTES = 1_000_000
const LATENCY_ROUNDS = 9

interface World {
  readonly kind: MeasuredKind
  readonly upstream: Running
  readonly bare: Running
  readonly vmauth: Running | undefined
  readonly sluice: Running
  readonly ids: IDs
  readonly folder: string
}

type Headers = Readonly<Record<string, string>>

/** The token of vmauth's only user. */
const VMAUTH_TOKEN = 'a-token-of-vmauth'

export async function benchGateway(show: (figure: Figure) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
  const running: Running[] = []
  const started = async (each: Promise<Running>) => {
    running.push(await each)
    return running.at(-1) as Running
  }
  const influxd = await startInfluxd({ isSetUp: false })
  try {
    const upstream = await started(startUpstream(influxd.url))
    const program = vmauthProgram()
    for (const kind of KINDS) {
      const url = `http://127.0.0.1:${upstream.port}`
      // Each kind gets new processes: a proxy that has run for minutes is 1.5 times as fast as one that has just started.
      const bare = await started(startBareProxy(upstream))
      const vmauth = program === undefined ? undefined : await started(startVmauth(program, upstream, folder))
      const sluice = await started(startSluiceWith({ SLUICE_UPSTREAM_URL: url, ...kind.settings }))
      const world = { kind, upstream, bare, vmauth, sluice, ids: await setUp(sluice.port), folder }
      const showOfKind = (figure: Figure) => show({ ...figure, name: `${kind.name}: ${figure.name}` })
      await smallWrites(showOfKind, world)
      await largeWrites(showOfKind, world)
      await largeAnswers(showOfKind, world)
      await addedLatency(showOfKind, world)
      await manyTokens(showOfKind, world)
      for (const each of running.splice(1).toReversed()) await each.stop()
    }
    if (program === undefined)
      show({ name: 'vmauth is not installed; 1 stands for it', value: 1, unit: 'ratio' })
  } finally {
    for (const each of running.toReversed()) await each.stop()
    await influxd.stop()
    rmSync(folder, { recursive: true })
  }
}

async function startUpstream(influxd: string): Promise<Running> {
  const port = await freePort()
  const args = [script('gateway-upstream.ts'), String(port), influxd]
  return start(args, port, '/health', { isBesideLoad: true })
}

async function startBareProxy(upstream: Running): Promise<Running> {
  const port = await freePort()
  return start([script('gateway-bare.ts'), String(port), String(upstream.port)], port, '/health')
}

/** The program of vmauth; undefined if there is none. */
function vmauthProgram(): string | undefined {
  const program = process.env.VMAUTH ?? 'vmauth'
  return spawnSync(program, ['-version'], { stdio: 'ignore' }).status === 0 ? program : undefined
}

async function startVmauth(program: string, upstream: Running, folder: string): Promise<Running> {
  const port = await freePort()
  const config = join(folder, 'vmauth.yml')
  const url = `http://127.0.0.1:${upstream.port}`
  writeFileSync(config, `users:\n- bearer_token: "${VMAUTH_TOKEN}"\n  url_prefix: "${url}"\n`)
  const args = [`-auth.config=${config}`, `-httpListenAddr=127.0.0.1:${port}`, '-loggerLevel=ERROR']
  return start(args, port, '/health', { program, env: { GOMAXPROCS: '1' } })
}

const byToken = ({ ids }: World): Headers => ({ authorization: `Token ${ids.operator}` })

function writes({ kind }: Pick<World, 'kind'>, port: number, headers: Headers, bytes: number): Load {
  return {
    ...{ port, headers, method: 'POST', body: bytes, status: 204, path: kind.writePath },
    connections: bytes === SMALL_BYTES ? 32 : 8,
    seconds: bytes === SMALL_BYTES ? 0.6 : 1,
  }
}

async function smallWrites(show: (figure: Figure) => void, world: World): Promise<void> {
  const { bare, sluice, vmauth } = world
  const cookie = await signIn(sluice.port)
  const { base, ratios } = await compareLoads([
    writes(world, bare.port, byToken(world), SMALL_BYTES),
    writes(world, sluice.port, byToken(world), SMALL_BYTES),
    writes(world, sluice.port, { cookie }, SMALL_BYTES),
    ...(vmauth ? [writes(world, vmauth.port, { authorization: `Bearer ${VMAUTH_TOKEN}` }, SMALL_BYTES)] : []),
  ])
  const [, token = 0, session = 0, other] = ratios
  const detail = `the bare proxy: ${Math.round(base)} writes a second on one core`
  for (const [how, ratio] of [
    ['token', token],
    ['session', session],
  ] as const) {
    const name = `writes of 1 KB by ${how} against`
    const bar = other === undefined ? { atLeast: 0.75 } : {}
    show({ name: `${name} a bare undici proxy`, value: ratio, unit: 'ratio', ...bar, detail })
    if (other !== undefined)
      show({ name: `${name} vmauth`, value: ratio / other, unit: 'ratio', atLeast: 1, goal: 1.8 })
  }
}

async function largeWrites(show: (figure: Figure) => void, world: World): Promise<void> {
  const loads = [world.bare, world.sluice].map(({ port }) => writes(world, port, byToken(world), LARGE_BYTES))
  const { base, ratios } = await compareLoads(loads)
  const value = ratios[1] ?? 0
  const detail = `the bare proxy: ${Math.round(base)} MB a second`
  show({ name: 'writes of 1 MB against a bare undici proxy', value, unit: 'ratio', atLeast: 0.8, detail })
}

async function largeAnswers(show: (figure: Figure) => void, world: World): Promise<void> {
  const { headers, ...query } = world.kind.query
  const loads = [world.bare, world.sluice].map(({ port }): Load => {
    return { ...query, port, connections: 2, seconds: 1, headers: { ...byToken(world), ...headers } }
  })
  const { base, ratios } = await compareLoads(loads)
  const value = ratios[1] ?? 0
  const detail = `the bare proxy: ${Math.round(base * 100)} MB a second`
  show({
    name: 'an answer of 100 MB against a bare undici proxy',
    value,
    unit: 'ratio',
    atLeast: 0.8,
    detail,
  })
}

/** One request after the other, directly and through the gateway in turns. */
async function addedLatency(show: (figure: Figure) => void, world: World): Promise<void> {
  const alone = (port: number) => ({ ...writes(world, port, byToken(world), SMALL_BYTES), connections: 1 })
  const added: number[] = []
  const direct: number[] = []
  for (let round = 0; round < LATENCY_ROUNDS; round += 1) {
    const without = await load(alone(world.upstream.port))
    const through = await load(alone(world.sluice.port))
    direct.push(without.medianMs)
    added.push(through.medianMs - without.medianMs)
  }
  const detail = `directly ${median(direct).toFixed(3)} ms, of ${LATENCY_ROUNDS} rounds in turns`
  show({
    name: 'latency that the gateway adds to a write of 1 KB, at the median',
    value: median(added),
    ...{ unit: 'ms', atMost: 0.3, detail },
  })
}

async function manyTokens(show: (figure: Figure) => void, world: World): Promise<void> {
  const { sluice, ids, folder } = world
  const permissions = [{ action: 'write', resource: { type: 'buckets', orgID: ids.org } }]
  const tokens: string[] = []
  const body = { orgID: ids.org, permissions }
  const path = '/api/v2/authorizations'
  const authorization = `Token ${ids.operator}`
  while (tokens.length < TOKENS) {
    const made = Array.from({ length: 50 }, () =>
      post<{ token: string }>(sluice.port, path, body, authorization),
    )
    for (const { token } of await Promise.all(made)) tokens.push(`Token ${token}`)
  }
  const listed = (name: string, lines: readonly string[]): Load => {
    const authorizations = join(folder, name)
    writeFileSync(authorizations, lines.join('\n'))
    return { ...writes(world, sluice.port, {}, SMALL_BYTES), authorizations, seconds: 1 }
  }
  const all = listed('all', tokens)
  // The first use of each reads it from the store, which is not what is compared.
  await load({ ...all, seconds: 3 })
  // As often as there are tokens, so that the load has the same work with both.
  const one = tokens.map(() => tokens[0] as string)
  const { ratios } = await compareLoads([listed('one', one), all])
  show({
    name: 'writes of 1 KB with 10,000 tokens in turns against one',
    ...{ value: ratios[1] ?? 0, unit: 'ratio', atLeast: 0.9 },
  })
}

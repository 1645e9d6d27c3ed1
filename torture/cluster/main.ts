/**
 * Three nodes, their databases and a balancer under continuous load, with one fault after another: `npm run torture --
 * --cluster`, under ten minutes. `--only TEXT` selects rounds by name, `--seed N` repeats the random choices.
 */
import { parseArgs } from 'node:util'
import { startCluster } from '../../cluster/cluster.ts'
import { installEngines } from '../../scripts/engines/install.ts'
import { createClient } from './client.ts'
import { freshness } from './freshness.ts'
import { startLoad } from './load.ts'
import { makeToken, newPerson, settingUp, signIn } from './people.ts'
import { seedOf } from './random.ts'
import { audit, type Round, recovered, rounds } from './rounds.ts'

const PEOPLE = 16
/** Users who exist from the first round to the last and do nothing. */
const BYSTANDERS = 12
/** An upper limit; a busy machine does fewer in the same time. */
const FRESHNESS_TRIES = 3000
const FRESHNESS_MS = 100_000

/** The number of violations found. */
export async function tortureCluster(argv: readonly string[]): Promise<number> {
  const options = {
    seed: { type: 'string' },
    only: { type: 'string' },
    cluster: { type: 'boolean' },
  } as const
  const { values } = parseArgs({ args: [...argv], options })
  const seed = seedOf(values.seed)
  console.log(`seed ${seed}`)
  const missing = installEngines(['postgres', 'redis', 'haproxy'])
  if (missing.length > 0) {
    console.log(`skipped  the cluster: this machine lacks ${missing.join(', ')}`)
    return 0
  }
  const all: string[] = []
  let found: string[] = []
  const wrong = (what: string) => {
    all.push(what)
    found.push(`${new Date().toISOString().slice(11, 23)} ${what}`)
  }
  const flags = ['--guess-address-limit', '1000000', '--log-level', 'warn', '--session-length', '1h']
  const cluster = await startCluster({ links: true, flags })
  const client = createClient(wrong)
  try {
    const world = await settingUp(client, cluster.haproxy?.url ?? '', wrong)
    for (let i = 0; i < BYSTANDERS; i += 1) {
      const person = await newPerson(world)
      if (!person) continue
      await signIn(world, person, false)
      await signIn(world, person, true)
      await makeToken(world, person)
    }
    const fresh = {
      // Fewer users, because this test's own requests are load too.
      people: 5,
      name: 'attempts to see a stale permission on another node',
      async run() {
        const urls = cluster.nodes.map(({ url }) => url)
        const result = await freshness({
          ...{ client, urls, world, seed },
          ...{ tries: FRESHNESS_TRIES, withinMs: FRESHNESS_MS, workers: 12 },
        })
        for (const each of result.stale) wrong(each)
        return `${result.tries} attempts, ${result.requests} requests that would have seen it, ${result.unavailable} unavailable`
      },
    }
    const chosen: Round[] = [...rounds(cluster, world), fresh].filter(({ name }) =>
      name.includes(values.only ?? ''),
    )
    for (const [index, round] of chosen.entries()) {
      found = []
      client.takeCounts()
      const acknowledgedBefore = world.acknowledged
      const started = performance.now()
      const load = startLoad(world, { people: round.people ?? PEOPLE, seed: seed + 1000 * index })
      await new Promise((resolve) => setTimeout(resolve, 2000))
      let report = await round.run().catch((error: Error) => {
        wrong(`the round itself failed: ${error.stack}`)
        return undefined
      })
      report = report ? `; ${report}` : ''
      const recoveredMs = await recovered(cluster, world)
      await new Promise((resolve) => setTimeout(resolve, 1000))
      await load.stop()
      const checked = await audit(cluster, world, 200)
      const { requests, unavailable, lost, slowestMs } = client.takeCounts()
      const seconds = ((performance.now() - started) / 1000).toFixed(0)
      console.log(`${found.length === 0 ? 'ok   ' : 'WRONG'}  ${round.name}: ${seconds} s${report}`)
      console.log(
        `         ${world.acknowledged - acknowledgedBefore} changes acknowledged, ${requests} requests, ` +
          `${unavailable} unavailable, ${lost} cut off, the slowest ${(slowestMs / 1000).toFixed(1)} s; ` +
          `recovered in ${(recoveredMs / 1000).toFixed(1)} s; ${checked} checked one by one; ${found.length} wrong`,
      )
      for (const each of found.slice(0, 20)) console.log(`         ${each}`)
    }
    console.log(
      `${world.acknowledged} changes acknowledged, ${world.endedSessions.length} sessions ended, ` +
        `${world.deletedTokens.length} tokens deleted, ${world.excused} sessions excused`,
    )
    if (all.length > 0) await keepLogs(cluster.folder)
  } finally {
    client.close()
    await cluster.stop()
  }
  return all.length
}

async function keepLogs(folder: string): Promise<void> {
  const { cpSync, mkdtempSync } = await import('node:fs')
  const { tmpdir } = await import('node:os')
  const { join } = await import('node:path')
  const kept = mkdtempSync(join(tmpdir(), 'sluice-torture-logs-'))
  cpSync(folder, kept, { recursive: true, filter: (path) => !path.endsWith('.sock') })
  console.log(`the logs are in ${kept}`)
}

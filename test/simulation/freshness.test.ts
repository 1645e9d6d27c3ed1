/**
 * Tests the rule that a request sees every change acknowledged before it began, on simulated nodes with the real fence,
 * stamps, cache and changes. A seed determines a run. A failing run prints its last events, and this prints all:
 *
 *     SIMULATION_SEED=123 SIMULATION_RUNS=1 npx node --test test/simulation/freshness.test.ts
 */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type Counts, simulate } from './run.ts'
import { VARIANTS } from './variants.ts'

const FIRST_SEED = Number(process.env.SIMULATION_SEED ?? 1)
const RUNS = Number(process.env.SIMULATION_RUNS ?? 600)
/** Every variant must be caught within this number of runs. */
const RUNS_UNTIL_CAUGHT = 6000
const LINES_SHOWN = RUNS === 1 ? Number.POSITIVE_INFINITY : 60

test(`${RUNS} runs of three nodes, from seed ${FIRST_SEED} on, show nothing stale and all recover`, async (t) => {
  const total: Counts = { answered: 0, kept: 0, refused: 0, acknowledged: 0, failed: 0, faults: 0 }
  for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed += 1) {
    const { violation, counts } = await simulate(seed)
    if (violation !== undefined) assert.fail(await report(seed))
    for (const name of Object.keys(total) as (keyof Counts)[]) total[name] += counts[name]
  }
  t.diagnostic(JSON.stringify(total))
  // Otherwise no response could have been stale.
  assert.ok(total.kept > 10 * RUNS && total.acknowledged > 10 * RUNS && total.faults > 4 * RUNS)
})

suite('the simulation catches', () => {
  for (const [name, variant, kinds] of VARIANTS) {
    test(name, async (t) => {
      for (let seed = 1; seed <= RUNS_UNTIL_CAUGHT; seed += 1) {
        const { violation } = await simulate(seed, variant, { kinds })
        if (violation?.includes(' sees version ')) return t.diagnostic(`seed ${seed}: ${violation}`)
      }
      assert.fail(`not caught in ${RUNS_UNTIL_CAUGHT} runs`)
    })
  }
})

async function report(seed: number): Promise<string> {
  const { violation, trace } = await simulate(seed, {}, { traced: true })
  return `seed ${seed}: ${violation}\n\n${trace.slice(-LINES_SHOWN).join('\n')}`
}

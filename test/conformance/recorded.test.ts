/** Replays what a real InfluxDB answered, step by step, against a Sluice server for each scenario. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type RunningServer, startServer } from '../support/server.ts'
import { playStep, readScenarios } from './scenario.ts'
import { unrecorded } from './unrecorded.ts'

const scenarios = readScenarios()

test('no recorded step is missing', () => {
  assert.equal(scenarios.length, 16)
  assert.equal(scenarios.flatMap(({ steps }) => steps).length, 331)
})

for (const { name, steps } of [...scenarios, unrecorded]) {
  describe(name, () => {
    let server: RunningServer
    const saved = new Map<string, string>()
    before(async () => {
      server = await startServer()
    })
    after(() => server.stop())

    for (const step of steps) {
      test(`${step.name}: ${step.request.method} ${step.request.path}`, async () => {
        const played = await playStep(server.url, step, saved)
        assert.deepEqual(played.mismatches, [], played.received.text)
      })
    }
  })
}

/** Replays scenarios made from public bug reports of other projects, step by step, against a Sluice server for each. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type RunningServer, startServer } from '../support/server.ts'
import { playStep, readScenarios } from './scenario.ts'

for (const { name, flags, steps } of readScenarios('reported')) {
  describe(name, () => {
    let server: RunningServer
    const saved = new Map<string, string>()
    before(async () => {
      server = await startServer(flags?.split(' '))
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

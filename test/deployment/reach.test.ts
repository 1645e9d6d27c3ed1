/** What sessions can access in both deployments: everything of their user, or only one organization. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Reach, reaches, reachesByToken } from './reach.ts'
import { type Credentials, createWorld, DEPLOYMENTS, namesIn, type World } from './world.ts'

for (const deployment of DEPLOYMENTS) {
  for (const [title, rows] of [
    ['sessions', reaches],
    ['sessions of a user with an all-access token', reachesByToken],
  ] as const) {
    describe(`deployment ${deployment}: ${title}`, () => {
      let world: World
      const sessions = new Map<string, Credentials>()
      before(async () => {
        world = await createWorld(deployment)
        for (const who of new Set(rows.map((row) => row.who))) {
          const [name = '', org] = who.split('@')
          sessions.set(who, await world.session(name, org ? `?org=${org}` : '?org=analytics'))
        }
      })
      after(() => world.stop())

      for (const row of rows) {
        const expected = row[deployment]
        test(`${titleOf(row)}: ${Array.isArray(expected) ? `[${expected}]` : expected}`, async () => {
          const received = await world.ask(sessions.get(row.who) ?? {}, row)
          if (typeof expected === 'number') {
            assert.equal(received.status, expected, received.text)
            return
          }
          assert.equal(received.status, 200, received.text)
          assert.deepEqual(namesIn(received, world.ids), expected)
        })
      }
    })
  }
}

function titleOf({ who, method, path, json }: Reach): string {
  return `${who} ${method} ${path.replace('/api/v2', '')}${json ? ` ${JSON.stringify(json)}` : ''}`
}

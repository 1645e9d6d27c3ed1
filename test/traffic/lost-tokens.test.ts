/** Requests whose token InfluxDB has lost, once or each time. */
import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { suite, test } from 'node:test'
import { startTraffic, type TrafficWorld } from './world.ts'

async function loseTokens({ upstream }: TrafficWorld): Promise<void> {
  const headers = { authorization: `Token ${upstream.argv.at(-1)}` }
  const address = `${upstream.url}/api/v2/authorizations`
  const { authorizations } = (await (await fetch(address, { headers })).json()) as {
    authorizations: { id: string; description: string }[]
  }
  for (const { id, description } of authorizations) {
    if (!description.startsWith('sluice node')) continue
    await fetch(`${address}/${id}`, { method: 'DELETE', headers })
  }
}

/** Loses the tokens with the first `count` writes, which it refuses as InfluxDB refuses an unknown token. */
function losesWith(world: TrafficWorld, count: number): void {
  let left = count
  const refuse = async (response: ServerResponse) => {
    await loseTokens(world)
    const body = { code: 'unauthorized', message: 'unauthorized access' }
    response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  world.upstream.answer = (_request, response) => {
    if (left === 0) return false
    left -= 1
    void refuse(response)
    return true
  }
}

suite('a write whose token InfluxDB has lost', () => {
  test('is repeated with a new token', async (t) => {
    const world = await startTraffic()
    t.after(() => world.stopAll())
    losesWith(world, 1)
    assert.equal((await world.write()).status, 204)
    const tokens = world.upstream.requests.map(({ authorization }) => authorization)
    assert.equal(new Set(tokens).size, 2)
  })

  test('is 503 where InfluxDB loses the new token too: the credentials of the client are right', async (t) => {
    const world = await startTraffic()
    t.after(() => world.stopAll())
    losesWith(world, 2)
    const { status, json, headers } = await world.write()
    assert.deepEqual([status, json.code], [503, 'unavailable'])
    assert.ok(Number(headers['retry-after']) > 0)
    assert.equal(world.upstream.requests.length, 2)
    assert.equal((await world.write()).status, 204)
  })
})

/** Cases that were tried on a real InfluxDB 2: what the gateway allows, and what it refuses if InfluxDB does not. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type Received, send } from '../support/http.ts'
import { type Case, headersOf } from './case.ts'
import { type GatewayScene, startGateway } from './scene.ts'

const CASES: readonly Case[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'gateway-cases.json'), 'utf8'),
)
/** Hostile framing has tests of its own, by raw sockets. */
const BY_RAW_SOCKET: ReadonlySet<string> = new Set(['GW-131', 'GW-133', 'GW-134'])

/** What `expect` says about an answer. */
function check({ expect }: Case, { status, text, json }: Received): void {
  const denied = /^deny (\d+)/.exec(expect)
  if (denied) {
    assert.equal(status, Number(denied[1]), text)
    assert.ok(json.code && json.message, 'in the documented schema')
    return
  }
  if (expect.startsWith('deny (200 with error)')) {
    assert.equal(status, 200, text)
    assert.ok(json.results[0].error, text)
    return
  }
  if (expect === 'Sluice answers') return
  assert.ok(status >= 200 && status < 300, `${status} ${text}`)
}

describe('requests to the gateway', () => {
  let scene: GatewayScene
  before(async () => {
    scene = await startGateway()
    for (const [bucket, orgID] of [['b1'], ['b2'], ['bb', scene.ids.B]]) {
      const target = `/api/v2/write?orgID=${orgID ?? scene.ids.A}&bucket=${bucket}`
      assert.equal((await scene.askUpstream('POST', target, 'm,t=a v=1')).status, 204)
    }
  })
  after(() => scene?.stop())

  for (const each of CASES.filter(({ id }) => !BY_RAW_SOCKET.has(id))) {
    const { id, permissions, request, reason, expect } = each
    test(`${id}: ${expect}: ${reason}`, async () => {
      const token = await scene.tokenWith(permissions)
      const query = scene.resolved(request.query).replaceAll(' ', '+').replaceAll('"', '%22')
      const given = typeof request.body === 'string' ? request.body : JSON.stringify(request.body)
      const text = request.body === undefined || request.body === null ? undefined : scene.resolved(given)
      const body =
        text !== undefined && request.headers['content-encoding'] === 'gzip' ? gzipSync(text) : text
      const own = headersOf(each, token)
      const before = await scene.rowsIn(scene.ids.BB, scene.ids.B)
      const received = await send(scene.url, {
        ...{ method: request.method, path: request.path + (query ? `?${query}` : ''), body },
        headers: { authorization: `Token ${token}`, ...own },
      })
      check(each, received)
      assert.equal(await scene.rowsIn(scene.ids.BB, scene.ids.B), before, 'B is as it was')
    })
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Registry } from 'prom-client'
import { createGatewayMetrics } from './gateway-metrics.ts'

const [ORG, OTHER] = ['00000000000000c1', '00000000000000c2']

function setUp() {
  const registry = new Registry()
  const gauges = { inFlight: 0, mintedTokens: 0, droppedEvents: 0 }
  const metrics = createGatewayMetrics(registry, {
    inFlight: () => gauges.inFlight,
    mintedTokens: () => gauges.mintedTokens,
    droppedEvents: () => gauges.droppedEvents,
  })
  /** The samples by name without `sluice_gateway_`, and labels. */
  async function samples(): Promise<Record<string, number>> {
    const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith('sluice_gateway_'))
    return Object.fromEntries(
      lines.map((line) => [
        line.slice('sluice_gateway_'.length, line.lastIndexOf(' ')),
        Number(line.split(' ').at(-1)),
      ]),
    )
  }
  return { metrics, gauges, samples }
}

test('requests are counted by class, organization and status, bytes and time by class and organization', async () => {
  const { metrics, samples } = setUp()
  const write = { class: 'write', bytesIn: 100, bytesOut: 5, upstreamSeconds: 0.25 }
  metrics.count({ ...write, status: 204, orgID: ORG })
  metrics.count({ ...write, status: 204, orgID: ORG })
  metrics.count({ ...write, status: 400, orgID: ORG })
  metrics.count({ ...write, status: 204, orgID: OTHER })
  metrics.count({ ...write, class: 'query', status: 401, orgID: undefined, upstreamSeconds: undefined })
  const found = await samples()
  const ofOrg = `class="write",organization="${ORG}"`
  assert.equal(found[`requests_total{${ofOrg},status="204"}`], 2)
  assert.equal(found[`requests_total{${ofOrg},status="400"}`], 1)
  assert.equal(found[`requests_total{class="write",organization="${OTHER}",status="204"}`], 1)
  assert.equal(found['requests_total{class="query",organization="",status="401"}'], 1)
  assert.equal(found[`request_bytes_total{${ofOrg}}`], 300)
  assert.equal(found[`response_bytes_total{${ofOrg}}`], 15)
  assert.equal(found[`upstream_seconds_total{${ofOrg}}`], 0.75)
  assert.equal(found['upstream_seconds_total{class="query",organization=""}'], 0)
})

test('what is in flight, minted and dropped is asked for at each reading', async () => {
  const { gauges, samples } = setUp()
  const read = async () => {
    const found = await samples()
    return [found.in_flight, found.minted_tokens, found.dropped_audit_events_total]
  }
  assert.deepEqual(await read(), [0, 0, 0])
  Object.assign(gauges, { inFlight: 3, mintedTokens: 2, droppedEvents: 7 })
  assert.deepEqual(await read(), [3, 2, 7])
  assert.deepEqual(await read(), [3, 2, 7])
})

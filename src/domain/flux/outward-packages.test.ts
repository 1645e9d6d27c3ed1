import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reachesOut } from './outward-packages.ts'

test('packages that open connections are known by their path', () => {
  for (const path of ['http', 'http/requests', 'sql', 'contrib/chobbs/discord'])
    assert.ok(reachesOut(path), path)
})

test('others reach nothing', () => {
  for (const path of ['date', 'influxdata/influxdb', 'influxdata/influxdb/schema', 'toString', '', 'sql ']) {
    assert.ok(!reachesOut(path), path)
  }
})
